/* A group of one source, opened and read through the collector contract: for tests of collectors.
 */
#ifndef TESTS_UNIT_ONE_SOURCE_H
#define TESTS_UNIT_ONE_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runner/collector.h"

struct one_source {
    const struct collector *collector;
    struct collected_source source;
    void *state;
    const struct store_metric *metrics;
    size_t count;
    double *values; /* as last read */
    int64_t from;
    int64_t until;
    size_t samples; /* of the last reading */
    struct error missed;
};

/* Opens it; `target` and `source` outlive it. Close it with one_source_close, also after an error.
 */
int one_source_open(struct one_source *one, const char *collector, const struct host *target,
                    const struct source *source, struct error *error);

/* The last sample of one reading; -1 if it was missed. */
int one_source_read(struct one_source *one, struct error *error);

/* Value of the metric of that name; the test fails if there is none. */
double one_source_value(const struct one_source *one, const char *name);
void one_source_close(struct one_source *one);

#endif
