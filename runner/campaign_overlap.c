#include "runner/campaign_overlap.h"

#include <stddef.h>
#include <string.h>

static bool own_the_same(const struct fault *one, const struct fault *other)
{
    return one->owns != NULL && other->owns != NULL && strcmp(one->owns, other->owns) == 0;
}

bool injection_spans_clash(struct injection_span one, struct injection_span other)
{
    if (one.start >= other.start + other.length || other.start >= one.start + one.length)
        return false;
    return strcmp(one.fault->type, other.fault->type) == 0 || own_the_same(one.fault, other.fault);
}
