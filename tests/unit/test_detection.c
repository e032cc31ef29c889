/* analysis/detection: cases counted by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "analysis/detection.h"
#include "base/clock.h"

enum { MOST = 64 };

/* Series under test; one observation a second. */
struct scene {
    struct detection_observation observations[MOST];
    struct detection_fault faults[4];
    struct detection_input input;
};

static void start(struct scene *scene)
{
    memset(scene, 0, sizeof *scene);
    scene->input.observations = scene->observations;
    scene->input.faults = scene->faults;
    scene->input.threshold = 1;
}

/* Adds an experiment from 1 s on. `kinds`: n(ominal), f(ault), l(eft out). `scores`: A is an alarm,
 * just at the threshold; '.' is none, ? no score. */
static void add(struct scene *scene, int64_t experiment, const char *kinds, const char *scores)
{
    assert_int_equal(strlen(kinds), strlen(scores));
    for (size_t i = 0; kinds[i] != '\0'; i++) {
        assert_true(scene->input.observation_count < MOST);
        scene->observations[scene->input.observation_count++] = (struct detection_observation){
            .experiment = experiment,
            .time_ns = (int64_t)(i + 1) * CLOCK_SECOND,
            .period_ns = CLOCK_SECOND,
            .score = scores[i] == '?' ? NAN : (scores[i] == 'A' ? 1 : 0.999),
            .kind = kinds[i] == 'n' ? DETECTION_NOMINAL
                                    : (kinds[i] == 'f' ? DETECTION_FAULT : DETECTION_LEFT_OUT)};
    }
}

static void add_fault(struct scene *scene, int64_t experiment, double applied_s, double gone_s,
                      double cool_down_end_s)
{
    scene->faults[scene->input.fault_count++] =
        (struct detection_fault){experiment, (int64_t)(applied_s * 1e9), (int64_t)(gone_s * 1e9),
                                 (int64_t)(cool_down_end_s * 1e9)};
}

static struct detection make(const struct scene *scene)
{
    struct detection detection;
    struct error error = {0};

    if (detection_make(&scene->input, &detection, &error) < 0)
        fail_msg("%s", error.what);
    return detection;
}

static void near(double ours, double expected)
{
    if (isnan(expected) ? !isnan(ours)
                        : !(fabs(ours - expected) <= 1e-12 * fmax(1, fabs(expected))))
        fail_msg("%.17g, expected %.17g", ours, expected);
}

static void same_quality(const struct detection_quality *quality, const size_t counts[4],
                         double precision, double recall, double f1)
{
    assert_int_equal(quality->true_positives, counts[0]);
    assert_int_equal(quality->false_positives, counts[1]);
    assert_int_equal(quality->false_negatives, counts[2]);
    assert_int_equal(quality->true_negatives, counts[3]);
    near(quality->precision, precision);
    near(quality->recall, recall);
    near(quality->f1, f1);
}

static void a_fault_is_found_and_followed(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 7, "nnnnnlfffffllllnnnnn", ".A.....AA...AAAA.A?A");
    add_fault(&scene, 7, 5.5, 12.5, 14.5);
    detection = make(&scene);
    assert_int_equal(detection.found, 1);
    assert_int_equal(detection.missed + detection.unknown, 0);
    assert_int_equal(detection.outcomes[0].verdict, DETECTION_FOUND);
    near(detection.outcomes[0].delay_s, 2.5);
    near(detection.outcomes[0].stays_s, 3.5);
    assert_false(detection.outcomes[0].alarmed_before);
    assert_false(detection.outcomes[0].still_alarmed);
    assert_int_equal(detection.alarms, 4);
    assert_int_equal(detection.false_alarms, 2); /* at 2 s; at 18 s and 20 s */
    near(detection.nominal_s, 9);
    near(detection.false_alarms_per_day, 19200);
    same_quality(&detection.plain, (size_t[]){2, 4, 3, 5}, 2 / 6.0, 2 / 5.0, 4 / 11.0);
    same_quality(&detection.point_adjusted, (size_t[]){5, 4, 0, 5}, 5 / 9.0, 1, 10 / 14.0);
    detection_free(&detection);
}

static void an_alarm_in_the_ramp_finds_the_fault(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 1, "nnnlffll", "...A....");
    add_fault(&scene, 1, 3.75, 7, 8);
    detection = make(&scene);
    near(detection.outcomes[0].delay_s, 0.25);
    near(detection.outcomes[0].stays_s, 0); /* it was over before the fault was */
    assert_int_equal(detection.false_alarms, 0);
    same_quality(&detection.plain, (size_t[]){0, 0, 2, 3}, NAN, 0, 0);
    assert_int_equal(detection.point_adjusted.true_positives, 0);
    detection_free(&detection);
}

static void a_fault_lasts_until_it_is_gone(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 1, "nlffll", "....A.");
    add_fault(&scene, 1, 2, 5, 6);
    detection = make(&scene);
    near(detection.outcomes[0].delay_s, 3);
    near(detection.outcomes[0].stays_s, 0);
    detection_free(&detection);
    scene.faults[0].gone_ns--;
    detection = make(&scene);
    assert_int_equal(detection.outcomes[0].verdict, DETECTION_MISSED);
    detection_free(&detection);
}

static void an_alarm_from_before_is_told(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 1, "nnnlffll", "..AA?A..");
    add_fault(&scene, 1, 4.5, 7, 8);
    detection = make(&scene);
    assert_true(detection.outcomes[0].alarmed_before);
    near(detection.outcomes[0].delay_s, 1.5);
    assert_int_equal(detection.alarms, 1);
    assert_int_equal(detection.false_alarms, 0);
    detection_free(&detection);
}

static void faults_are_missed_or_not_seen_at_all(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 1, "nlfffll", ".....AA"); /* after the fault only */
    add(&scene, 2, "nlfffll", ".????A.");
    add_fault(&scene, 3, 1, 2, 3); /* an experiment without observations */
    add_fault(&scene, 2, 1.5, 5.5, 7);
    add_fault(&scene, 1, 1.5, 5.5, 7);
    detection = make(&scene);
    assert_int_equal(detection.outcomes[0].verdict, DETECTION_UNKNOWN);
    assert_int_equal(detection.outcomes[1].verdict, DETECTION_UNKNOWN);
    assert_int_equal(detection.outcomes[2].verdict, DETECTION_MISSED);
    assert_int_equal(detection.unknown, 2);
    assert_int_equal(detection.missed, 1);
    for (size_t i = 0; i < 3; i++)
        assert_true(isnan(detection.outcomes[i].delay_s) && isnan(detection.outcomes[i].stays_s));
    assert_int_equal(detection.alarms, 2);
    assert_int_equal(detection.false_alarms, 0);
    assert_int_equal(detection.plain.false_negatives, 3);
    detection_free(&detection);
}

static void a_fault_may_be_at_the_first_observation(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 1, "ffl", "A..");
    add_fault(&scene, 1, 1, 2.5, 3);
    detection = make(&scene);
    near(detection.outcomes[0].delay_s, 0);
    assert_false(detection.outcomes[0].alarmed_before);
    assert_true(isnan(detection.false_alarms_per_day)); /* nothing is nominal */
    near(detection.nominal_s, 0);
    near(detection.point_adjusted.f1, 1);
    detection_free(&detection);
}

static void without_faults_every_alarm_is_false(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 5, "nnn", "..A"); /* goes on in the next experiment, as an alarm of its own */
    add(&scene, 4, "nnnl", "A.AA");
    detection = make(&scene);
    assert_int_equal(detection.alarms, 3);
    assert_int_equal(detection.false_alarms, 2); /* the last one touches what is left out */
    near(detection.false_alarms_per_day, 2 * 86400 / 6.0);
    near(detection.plain.precision, 0);
    assert_true(isnan(detection.plain.recall));
    near(detection.plain.f1, 0);
    detection_free(&detection);
    scene.input.threshold = INFINITY;
    detection = make(&scene);
    assert_int_equal(detection.alarms, 0);
    assert_true(isnan(detection.plain.precision) && isnan(detection.plain.f1));
    near(detection.false_alarms_per_day, 0);
    detection_free(&detection);
    scene.input.observation_count = 0;
    detection = make(&scene);
    assert_true(isnan(detection.false_alarms_per_day));
    detection_free(&detection);
}

static void an_alarm_without_end_is_told(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    scene.input.threshold = -INFINITY;
    add(&scene, 1, "nlffllnnn", ".........");
    add_fault(&scene, 1, 1.5, 5, 6);
    detection = make(&scene);
    assert_int_equal(detection.alarms, 1);
    assert_int_equal(detection.false_alarms, 0);
    assert_true(detection.outcomes[0].alarmed_before);
    assert_true(detection.outcomes[0].still_alarmed);
    near(detection.outcomes[0].stays_s, 4);
    same_quality(&detection.plain, (size_t[]){2, 4, 0, 0}, 2 / 6.0, 1, 4 / 8.0);
    detection_free(&detection);
}

static void the_next_fault_ends_what_is_counted_of_the_first(void **state)
{
    struct scene scene;
    struct detection detection;

    (void)state;
    start(&scene);
    add(&scene, 1, "nlffllnlffllnn", ".AAAAAAAA..AA.");
    add_fault(&scene, 1, 7.5, 11, 12.5);
    add_fault(&scene, 1, 1.5, 5, 6);
    detection = make(&scene);
    assert_int_equal(detection.found, 2);
    near(detection.outcomes[1].stays_s, 2); /* to 7 s */
    assert_true(detection.outcomes[1].still_alarmed);
    assert_false(detection.outcomes[1].alarmed_before);
    near(detection.outcomes[0].delay_s, 0.5);
    near(detection.outcomes[0].stays_s, 2); /* to 13 s: an alarm that began in the cool-down */
    assert_true(detection.outcomes[0].alarmed_before);
    assert_false(detection.outcomes[0].still_alarmed);
    assert_int_equal(detection.alarms, 2);
    assert_int_equal(detection.plain.true_positives, 3);
    assert_int_equal(detection.point_adjusted.true_positives, 4);
    detection_free(&detection);
}

static void refuses(const struct scene *scene, const char *what)
{
    struct detection detection;
    struct error error = {0};

    assert_int_equal(detection_make(&scene->input, &detection, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    if (strstr(error.what, what) == NULL)
        fail_msg("'%s' does not say '%s'", error.what, what);
}

static void input_that_contradicts_itself_is_refused(void **state)
{
    struct scene good;
    struct scene bad;

    (void)state;
    start(&good);
    add(&good, 1, "nlffll", "..A...");
    add_fault(&good, 1, 1.5, 4.5, 6);
#define REFUSES(change, what)                                                                      \
    do {                                                                                           \
        bad = good;                                                                                \
        bad.input.observations = bad.observations;                                                 \
        bad.input.faults = bad.faults;                                                             \
        change;                                                                                    \
        refuses(&bad, what);                                                                       \
    } while (0)
    REFUSES(bad.input.threshold = NAN, "threshold");
    REFUSES(bad.observations[2].time_ns = 2 * CLOCK_SECOND, "not in order of time");
    REFUSES(bad.observations[3].time_ns = INT64_MIN, "negative");
    REFUSES(bad.observations[3].period_ns = -1, "negative");
    REFUSES(bad.observations[3].kind = (enum detection_kind)17, "unknown kind");
    REFUSES(bad.observations[2].experiment = 2, "do not stand together");
    REFUSES(bad.observations[1].kind = DETECTION_NOMINAL, "called nominal");
    REFUSES(bad.observations[5].kind = DETECTION_NOMINAL, "called nominal");
    REFUSES(bad.observations[4].kind = DETECTION_FAULT, "none is there");
    REFUSES(bad.input.fault_count = 0, "none is there");
    REFUSES(bad.faults[0].applied_ns = INT64_MIN, "not in order");
    REFUSES(bad.faults[0].gone_ns = 0, "not in order");
    REFUSES(bad.faults[0].cool_down_end_ns = 4 * CLOCK_SECOND, "not in order");
#undef REFUSES
}

static double threshold_of(const double *scores, size_t count, double share)
{
    struct error error = {0};
    double threshold;

    assert_int_equal(detection_threshold(scores, count, share, &threshold, &error), 0);
    return threshold;
}

static void thresholds_are_numpys_quantiles(void **state)
{
    const double scores[] = {0.3, 0.1, NAN, 0.25, 7.5, 0.2};
    double threshold;
    struct error error = {0};

    (void)state;
    near(threshold_of(scores, 6, 0), 0.1);
    near(threshold_of(scores, 6, 0.01), 0.10400000000000001);
    near(threshold_of(scores, 6, 0.5), 0.25);
    near(threshold_of(scores, 6, 0.9), 4.620000000000001);
    near(threshold_of(scores, 6, 0.99), 7.212);
    near(threshold_of(scores, 6, 1), 7.5);
    near(threshold_of((double[]){2.5, NAN}, 2, 0.99), 2.5);
    assert_int_equal(detection_threshold(scores, 0, 0.99, &threshold, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    assert_int_equal(detection_threshold(scores + 2, 1, 0.99, &threshold, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    assert_int_equal(detection_threshold((double[]){1, INFINITY}, 2, 0.5, &threshold, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_int_equal(detection_threshold(scores, 6, 1.01, &threshold, &error), -1);
    assert_int_equal(detection_threshold(scores, 6, NAN, &threshold, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_is_found_and_followed),
        cmocka_unit_test(an_alarm_in_the_ramp_finds_the_fault),
        cmocka_unit_test(a_fault_lasts_until_it_is_gone),
        cmocka_unit_test(an_alarm_from_before_is_told),
        cmocka_unit_test(faults_are_missed_or_not_seen_at_all),
        cmocka_unit_test(a_fault_may_be_at_the_first_observation),
        cmocka_unit_test(without_faults_every_alarm_is_false),
        cmocka_unit_test(an_alarm_without_end_is_told),
        cmocka_unit_test(the_next_fault_ends_what_is_counted_of_the_first),
        cmocka_unit_test(input_that_contradicts_itself_is_refused),
        cmocka_unit_test(thresholds_are_numpys_quantiles),
    };

    return cmocka_run_group_tests_name("detection", tests, NULL, NULL);
}
