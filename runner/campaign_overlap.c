#include "runner/campaign_overlap.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool own_the_same(const struct fault *one, const struct fault *other)
{
    return one->owns != NULL && other->owns != NULL && strcmp(one->owns, other->owns) == 0;
}

static int64_t end_of(struct injection_span span)
{
    return span.start + span.length;
}

static bool takes_away(struct injection_span one, struct injection_span other)
{
    return one.fault->ends_connection && end_of(other) > one.start;
}

enum injection_clash injection_spans_clash(struct injection_span one, struct injection_span other)
{
    bool overlap = one.start < end_of(other) && other.start < end_of(one);

    if (overlap && strcmp(one.fault->type, other.fault->type) == 0)
        return INJECTION_CLASH_TYPE;
    if (overlap && own_the_same(one.fault, other.fault))
        return INJECTION_CLASH_OWNED;
    if (takes_away(one, other) || takes_away(other, one))
        return INJECTION_CLASH_TAKEN_AWAY;
    return INJECTION_CLASH_NONE;
}
