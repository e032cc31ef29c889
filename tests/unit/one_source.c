#include "tests/unit/one_source.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

static void list_metrics(struct one_source *one)
{
    one->count = one->collector->metrics(one->state, 0, &one->metrics);
    free(one->values);
    one->values = memory_new(one->count, sizeof *one->values);
}

int one_source_open(struct one_source *one, const char *collector, const struct host *target,
                    const struct source *source, struct error *error)
{
    *one = (struct one_source){.collector = collector_find(collector),
                               .source = {.target = target, .source = source}};
    assert_non_null(one->collector);
    if (one->collector->open(&one->source, 1, &one->state, error) < 0)
        return -1;
    list_metrics(one);
    return 0;
}

static void take_sample(void *context, const struct collected_sample *sample)
{
    struct one_source *one = context;

    assert_int_equal(sample->source, 0);
    assert_true(sample->from <= sample->until);
    memcpy(one->values, sample->values, one->count * sizeof *one->values);
    one->from = sample->from;
    one->until = sample->until;
    one->samples++;
}

static void take_missed(void *context, size_t source, const struct error *error)
{
    struct one_source *one = context;

    assert_int_equal(source, 0);
    one->missed = *error;
}

static void take_changed(void *context, size_t source)
{
    assert_int_equal(source, 0);
    list_metrics(context);
}

int one_source_read(struct one_source *one, struct error *error)
{
    const struct collector_sink sink = {one, take_sample, take_missed, take_changed};
    struct collector_reading reading = {.instant = clock_now(), .sink = &sink};

    reading.deadline = reading.instant + 60 * CLOCK_SECOND;
    one->samples = 0;
    error_clear(&one->missed);
    one->collector->read(one->state, &reading);
    if (one->missed.kind == ERROR_NONE) {
        assert_true(one->samples > 0);
        return 0;
    }
    assert_int_equal(one->samples, 0);
    *error = one->missed;
    return -1;
}

double one_source_value(const struct one_source *one, const char *name)
{
    for (size_t i = 0; i < one->count; i++) {
        if (strcmp(one->metrics[i].name, name) == 0)
            return one->values[i];
    }
    fail_msg("no metric %s", name);
    return 0;
}

void one_source_close(struct one_source *one)
{
    if (one->state != NULL)
        one->collector->close(one->state);
    free(one->values);
}
