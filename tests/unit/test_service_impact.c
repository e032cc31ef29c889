/* analysis/service_impact: sums, shares, rates, response times, and which sample is in which
 * phase of an injection. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "analysis/service_impact.h"
#include "base/clock.h"

#define SECOND CLOCK_SECOND

static struct store_service_sample sample_at(int64_t from_s, int64_t until_s, int64_t succeeded,
                                             int64_t failed)
{
    struct store_service_sample sample = {
        .load_host = "load",
        .window_start_ns = from_s * SECOND,
        .time_ns = until_s * SECOND,
        .offered_rate = 100,
        .calls_created = succeeded + failed,
        .calls_succeeded = succeeded,
        .calls_failed = failed,
    };

    return sample;
}

static void nothing_is_known_without_samples(void **state)
{
    struct service_figures figures = {0};

    (void)state;
    assert_true(isnan(service_failure_share(&figures)));
    assert_true(isnan(service_offered_rate(&figures)));
    assert_true(isnan(service_achieved_rate(&figures)));
    assert_true(isnan(service_response_time(&figures, "call")));
    assert_true(isnan(service_response_time(&figures, NULL)));
    assert_null(service_main_transaction(&figures));
    service_figures_free(&figures);
}

static void shares_and_rates_are_over_calls_that_ended_and_time(void **state)
{
    struct service_figures figures = {0};
    struct store_service_sample first = sample_at(10, 11, 90, 10);
    struct store_service_sample second = sample_at(11, 13, 100, 0);

    (void)state;
    service_figures_add(&figures, &first);
    service_figures_add(&figures, &second);
    assert_float_equal(service_failure_share(&figures), 10.0 / 200, 1e-12);
    assert_float_equal(service_achieved_rate(&figures), 200.0 / 3, 1e-12);
    assert_float_equal(service_offered_rate(&figures), 100, 1e-12);
    service_figures_free(&figures);
}

static void rates_of_two_load_hosts_add_up(void **state)
{
    struct service_figures figures = {0};
    struct store_service_sample one = sample_at(0, 1, 50, 0);
    struct store_service_sample other = sample_at(0, 1, 70, 0);

    (void)state;
    other.load_host = "load2";
    service_figures_add(&figures, &one);
    service_figures_add(&figures, &other);
    assert_float_equal(service_achieved_rate(&figures), 120, 1e-12);
    assert_float_equal(service_offered_rate(&figures), 200, 1e-12);
    service_figures_free(&figures);
}

static void causes_add_up(void **state)
{
    struct service_figures figures = {0};
    struct store_service_count causes[] = {{"timeout", 3}, {"unexpected", 1}};
    struct store_service_sample sample = sample_at(0, 1, 0, 4);

    (void)state;
    sample.failures = causes;
    sample.failure_count = 2;
    service_figures_add(&figures, &sample);
    service_figures_add(&figures, &sample);
    assert_int_equal(service_failures_of(&figures, "timeout"), 6);
    assert_int_equal(service_failures_of(&figures, "unexpected"), 2);
    assert_int_equal(service_failures_of(&figures, "other"), 0);
    service_figures_free(&figures);
}

static void response_time_weighs_windows_by_calls(void **state)
{
    struct service_figures figures = {0};
    struct store_service_response quick = {"call", 10 * CLOCK_MILLISECOND, -1};
    struct store_service_response slow[] = {{"call", 100 * CLOCK_MILLISECOND, -1},
                                            {"bye", 5 * CLOCK_MILLISECOND, -1}};
    struct store_service_sample many = sample_at(0, 1, 90, 0);
    struct store_service_sample few = sample_at(1, 2, 8, 2);

    (void)state;
    many.responses = &quick;
    many.response_count = 1;
    few.responses = slow;
    few.response_count = 2;
    service_figures_add(&figures, &many);
    service_figures_add(&figures, &few);
    assert_float_equal(service_response_time(&figures, "call"), (90 * 0.010 + 10 * 0.100) / 100,
                       1e-12);
    assert_float_equal(service_response_time(&figures, "bye"), 0.005, 1e-12);
    assert_string_equal(service_main_transaction(&figures), "call");
    service_figures_free(&figures);
}

static void main_transaction_prefers_call_then_invite_then_the_first_by_name(void **state)
{
    struct service_figures figures = {0};
    struct store_service_response responses[] = {
        {"update", 1, -1}, {"bye", 1, -1}, {"invite", 1, -1}};
    struct store_service_sample sample = sample_at(0, 1, 1, 0);

    (void)state;
    sample.responses = responses;
    sample.response_count = 2;
    service_figures_add(&figures, &sample);
    assert_string_equal(service_main_transaction(&figures), "bye");
    sample.response_count = 3;
    service_figures_add(&figures, &sample);
    assert_string_equal(service_main_transaction(&figures), "invite");
    service_figures_free(&figures);
}

static void samples_that_touch_an_edge_are_in_no_phase(void **state)
{
    struct stored_injection injection = {
        .start_commanded_ns = 20 * SECOND,
        .applied_ns = 21 * SECOND,
        .end_commanded_ns = 40 * SECOND,
        .gone_ns = 41 * SECOND,
    };
    struct time_span measured = {10 * SECOND, 60 * SECOND};
    struct service_impact impact;

    (void)state;
    service_impact_start(&impact, &injection, &measured);
    /* Windows of 2 s from 7 s: warm-up, before, over the ramps, during, after, past the end. */
    for (int64_t at = 7; at < 65; at += 2) {
        struct store_service_sample sample = sample_at(at, at + 2, 1, at >= 21 && at < 40);

        service_impact_add(&impact, &sample);
    }
    assert_int_equal(impact.figures[IMPACT_BEFORE].samples, 4); /* 11-13 to 17-19 */
    assert_int_equal(impact.figures[IMPACT_DURING].samples, 9); /* 21-23 to 37-39 */
    assert_int_equal(impact.figures[IMPACT_AFTER].samples, 9);  /* 41-43 to 57-59 */
    assert_float_equal(service_failure_share(&impact.figures[IMPACT_BEFORE]), 0, 1e-12);
    assert_float_equal(service_failure_share(&impact.figures[IMPACT_DURING]), 0.5, 1e-12);
    assert_float_equal(service_failure_share(&impact.figures[IMPACT_AFTER]), 0, 1e-12);
    service_impact_free(&impact);
}

static void a_phase_without_its_edge_is_empty(void **state)
{
    struct stored_injection injection = {.start_commanded_ns = 20 * SECOND,
                                         .applied_ns = 21 * SECOND};
    struct time_span measured = {10 * SECOND, 0};
    struct service_impact impact;

    (void)state;
    service_impact_start(&impact, &injection, &measured);
    for (int64_t at = 10; at < 60; at++) {
        struct store_service_sample sample = sample_at(at, at + 1, 1, 0);

        service_impact_add(&impact, &sample);
    }
    assert_int_equal(impact.figures[IMPACT_BEFORE].samples, 10);
    assert_int_equal(impact.figures[IMPACT_DURING].samples, 0);
    assert_int_equal(impact.figures[IMPACT_AFTER].samples, 0);
    service_impact_free(&impact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_without_samples),
        cmocka_unit_test(shares_and_rates_are_over_calls_that_ended_and_time),
        cmocka_unit_test(rates_of_two_load_hosts_add_up),
        cmocka_unit_test(causes_add_up),
        cmocka_unit_test(response_time_weighs_windows_by_calls),
        cmocka_unit_test(main_transaction_prefers_call_then_invite_then_the_first_by_name),
        cmocka_unit_test(samples_that_touch_an_edge_are_in_no_phase),
        cmocka_unit_test(a_phase_without_its_edge_is_empty),
    };

    return cmocka_run_group_tests_name("service_impact", tests, NULL, NULL);
}
