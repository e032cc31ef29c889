/* runner/sample_history: samples that come late, twice, out of order, after a gap, or begin anew.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/sample_history.h"

static const struct store_metric metrics[] = {
    {"packets", true, "network", "virtual", "packets"},
    {"memory", false, "memory", "virtual", "bytes"},
};

enum { COUNT = sizeof metrics / sizeof metrics[0], PERIOD_SECONDS = 5, BEGIN_SECONDS = 1000 };

struct scene {
    struct sample_history history;
    struct sample_verdict verdict;
    double values[COUNT];
};

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);

    sample_history_begin(&scene->history, BEGIN_SECONDS * CLOCK_SECOND,
                         PERIOD_SECONDS * CLOCK_SECOND);
    scene->values[0] = 100;
    scene->values[1] = 7;
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    sample_history_free(&scene->history);
    free(scene);
    return 0;
}

/* Of the instant that is so many periods after the beginning, read within 20 ms. */
static void take(struct scene *scene, double periods)
{
    int64_t instant = BEGIN_SECONDS * CLOCK_SECOND + llround(periods * PERIOD_SECONDS * 1e9);
    struct collected_sample sample = {
        .from = instant, .until = instant + 20 * CLOCK_MILLISECOND, .values = scene->values};

    sample_history_take(&scene->history, &sample, metrics, COUNT, instant, &scene->verdict);
}

/* The source says that it was so at that second of its own clock. */
static void take_timed(struct scene *scene, int64_t source_seconds, int64_t offset)
{
    struct collected_sample sample = {.from = source_seconds * CLOCK_SECOND + offset,
                                      .until = source_seconds * CLOCK_SECOND + offset,
                                      .source_time = source_seconds * CLOCK_SECOND,
                                      .values = scene->values};

    sample_history_take(&scene->history, &sample, metrics, COUNT,
                        (source_seconds + 2) * CLOCK_SECOND, &scene->verdict);
}

static void expect_event(const struct scene *scene, enum sample_event_kind kind, const char *detail)
{
    assert_int_equal(scene->verdict.event_count, 1);
    assert_string_equal(sample_event_name(scene->verdict.events[0].kind), sample_event_name(kind));
    assert_string_equal(scene->verdict.events[0].detail, detail);
}

static void samples_in_order_are_no_event(void **state)
{
    struct scene *scene = *state;

    for (int i = 0; i < 5; i++) {
        take(scene, i);
        assert_true(scene->verdict.is_new);
        assert_int_equal(scene->verdict.event_count, 0);
        assert_int_equal(scene->verdict.lost, 0);
        assert_int_equal(scene->verdict.window_start,
                         (BEGIN_SECONDS + (i > 0 ? i - 1 : 0) * PERIOD_SECONDS) * CLOCK_SECOND);
    }
    assert_int_equal(sample_history_lost_at_end(
                         &scene->history, (BEGIN_SECONDS + 4 * PERIOD_SECONDS) * CLOCK_SECOND),
                     0);
}

static void the_sample_after_missed_readings_spans_the_gap(void **state)
{
    struct scene *scene = *state;

    take(scene, 0);
    take(scene, 1);
    sample_history_miss(&scene->history);
    sample_history_miss(&scene->history);
    take(scene, 4);
    expect_event(scene, SAMPLE_GAP, "2 missing, 15.0 s");
    assert_int_equal(scene->verdict.lost, 2);
    assert_int_equal(scene->verdict.window_start, (BEGIN_SECONDS + PERIOD_SECONDS) * CLOCK_SECOND);
    take(scene, 5);
    assert_int_equal(scene->verdict.event_count, 0);
}

static void a_missed_beginning_and_end_are_counted(void **state)
{
    struct scene *scene = *state;

    sample_history_miss(&scene->history);
    take(scene, 1);
    expect_event(scene, SAMPLE_GAP, "1 missing, 10.0 s");
    sample_history_miss(&scene->history);
    sample_history_miss(&scene->history);
    assert_int_equal(sample_history_lost_at_end(
                         &scene->history, (BEGIN_SECONDS + 3 * PERIOD_SECONDS) * CLOCK_SECOND),
                     2);
}

static void a_source_that_was_never_read_lacks_everything(void **state)
{
    struct scene *scene = *state;

    sample_history_miss(&scene->history);
    assert_int_equal(sample_history_lost_at_end(
                         &scene->history, (BEGIN_SECONDS + 9 * PERIOD_SECONDS) * CLOCK_SECOND),
                     10);
}

static void what_a_source_kept_fills_a_missed_reading(void **state)
{
    struct scene *scene = *state;

    take_timed(scene, 1000, 0);
    take_timed(scene, 1020, 0);
    sample_history_miss(&scene->history);
    take_timed(scene, 1040, 0);
    assert_int_equal(scene->verdict.event_count, 0);
    sample_history_miss(&scene->history);
    take_timed(scene, 1080, 0);
    expect_event(scene, SAMPLE_GAP, "1 missing, 40.0 s");
}

static void duplicates_are_told_by_the_sources_own_clock(void **state)
{
    struct scene *scene = *state;

    take_timed(scene, 1000, 0);
    take_timed(scene, 1000, 3 * CLOCK_MILLISECOND);
    assert_false(scene->verdict.is_new);
    expect_event(scene, SAMPLE_DUPLICATE, "of the same instant as the one before");
    take_timed(scene, 998, 3 * CLOCK_MILLISECOND);
    assert_false(scene->verdict.is_new);
    expect_event(scene, SAMPLE_OUT_OF_ORDER, "2.000 s before the one before");
    take_timed(scene, 1010, 0);
    assert_true(scene->verdict.is_new);
    assert_int_equal(scene->verdict.window_start, 1000 * CLOCK_SECOND);
}

static void what_a_source_kept_from_before_the_experiment_is_left_out(void **state)
{
    struct scene *scene = *state;

    take_timed(scene, BEGIN_SECONDS - PERIOD_SECONDS - 1, 0);
    assert_false(scene->verdict.is_new);
    assert_int_equal(scene->verdict.event_count, 0);
    take_timed(scene, BEGIN_SECONDS - PERIOD_SECONDS, 0);
    assert_true(scene->verdict.is_new);
    assert_int_equal(scene->verdict.window_start, (BEGIN_SECONDS - PERIOD_SECONDS) * CLOCK_SECOND);
}

static void a_late_sample_is_told(void **state)
{
    struct scene *scene = *state;
    struct collected_sample sample = {.values = scene->values};

    take(scene, 0);
    sample.from = (BEGIN_SECONDS + PERIOD_SECONDS) * CLOCK_SECOND + 501 * CLOCK_MILLISECOND;
    sample.until = sample.from + CLOCK_MILLISECOND;
    sample_history_take(&scene->history, &sample, metrics, COUNT,
                        (BEGIN_SECONDS + PERIOD_SECONDS) * CLOCK_SECOND, &scene->verdict);
    assert_true(scene->verdict.is_new);
    expect_event(scene, SAMPLE_LATE, "0.501 s");
}

static void a_counter_that_begins_anew_is_told_and_a_gauge_is_not(void **state)
{
    struct scene *scene = *state;

    take(scene, 0);
    scene->values[1] = 1;
    take(scene, 1);
    assert_int_equal(scene->verdict.event_count, 0);
    scene->values[0] = 3;
    take(scene, 2);
    assert_true(scene->verdict.is_new);
    expect_event(scene, SAMPLE_COUNTER_RESET, "1, packets first");
    scene->values[0] = (double)NAN;
    take(scene, 3);
    scene->values[0] = 2;
    take(scene, 4);
    assert_int_equal(scene->verdict.event_count, 0);
}

/* As take, of a source with other metrics. */
static void take_others(struct scene *scene, double periods, const struct store_metric *others,
                        size_t count, const double *values)
{
    int64_t instant = BEGIN_SECONDS * CLOCK_SECOND + llround(periods * PERIOD_SECONDS * 1e9);
    struct collected_sample sample = {
        .from = instant, .until = instant + 20 * CLOCK_MILLISECOND, .values = values};

    sample_history_change(&scene->history, others, count);
    sample_history_take(&scene->history, &sample, others, count, instant, &scene->verdict);
}

static void other_metrics_are_not_compared(void **state)
{
    static const struct store_metric others[] = {
        {"memory", true, "memory", "virtual", "bytes"},
        {"packets", false, "network", "virtual", "packets"},
        {"packets.dropped", true, "network", "virtual", "packets"},
    };
    static const double values[] = {1, 1, 1};
    struct scene *scene = *state;

    take(scene, 0);
    take_others(scene, 1, others, 3, values);
    assert_true(scene->verdict.is_new);
    assert_int_equal(scene->verdict.event_count, 0);
}

/* A container that was made anew has a disk more: its counters began anew, wherever they are now.
 */
static void a_counter_is_known_again_among_other_metrics(void **state)
{
    static const struct store_metric more[] = {
        {"disk.read", true, "filesystem", "virtual", "bytes"},
        {"memory", false, "memory", "virtual", "bytes"},
        {"errors", true, "network", "virtual", "packets"},
        {"packets", true, "network", "virtual", "packets"},
    };
    static const double anew[] = {0, 5, 0, 3};
    static const double on[] = {9, 5, 0, 4};
    struct scene *scene = *state;

    take(scene, 0);
    take_others(scene, 1, more, 4, anew);
    expect_event(scene, SAMPLE_COUNTER_RESET, "1, packets first");
    take_others(scene, 2, more, 4, on);
    assert_int_equal(scene->verdict.event_count, 0);
    take_others(scene, 3, &more[2], 2, &anew[2]);
    expect_event(scene, SAMPLE_COUNTER_RESET, "1, packets first");
    take_others(scene, 4, more, 0, on);
    assert_int_equal(scene->verdict.event_count, 0);
    take_others(scene, 5, more, 4, anew);
    assert_int_equal(scene->verdict.event_count, 0);
}

static void the_experiment_before_is_forgotten(void **state)
{
    struct scene *scene = *state;

    take(scene, 3);
    sample_history_begin(&scene->history, BEGIN_SECONDS * CLOCK_SECOND,
                         PERIOD_SECONDS * CLOCK_SECOND);
    scene->values[0] = 3;
    take(scene, 0);
    assert_true(scene->verdict.is_new);
    assert_int_equal(scene->verdict.event_count, 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(samples_in_order_are_no_event),
        CASE(the_sample_after_missed_readings_spans_the_gap),
        CASE(a_missed_beginning_and_end_are_counted),
        CASE(a_source_that_was_never_read_lacks_everything),
        CASE(what_a_source_kept_fills_a_missed_reading),
        CASE(duplicates_are_told_by_the_sources_own_clock),
        CASE(what_a_source_kept_from_before_the_experiment_is_left_out),
        CASE(a_late_sample_is_told),
        CASE(a_counter_that_begins_anew_is_told_and_a_gauge_is_not),
        CASE(other_metrics_are_not_compared),
        CASE(a_counter_is_known_again_among_other_metrics),
        CASE(the_experiment_before_is_forgotten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
