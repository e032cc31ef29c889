/* What came of opening many sources: every one that can't be opened is told, and one error is left.
 */
#ifndef RUNNER_SOURCE_FAILURES_H
#define RUNNER_SOURCE_FAILURES_H

#include <stddef.h>

#include "base/error.h"

struct source_failures {
    size_t count;
    struct error first;
};

/* Takes in the error of one, which names its target. From the second on each is logged as well. */
void source_failures_add(struct source_failures *failures, const struct error *error);

/* 0 if there was none; with one, that one; with more, of the first one's kind, how many of
 * `total` (`what`: "sources") there were. */
int source_failures_end(const struct source_failures *failures, size_t total, const char *what,
                        struct error *error);

#endif
