/* Load profiles: how a file is read, what lies between its lines, and the course that an experiment
 * takes through it at a time scale. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "runner/load_course.h"
#include "runner/load_profile.h"

#define MINUTE (60 * CLOCK_SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static struct load_profile *read_text(const char *text, int64_t period, struct findings *findings)
{
    char path[] = "/tmp/vnfault-profile-XXXXXX";
    int file = mkstemp(path);
    struct error error = {0};
    struct load_profile *profile;

    assert_true(file >= 0);
    close(file);
    assert_int_equal(file_write(path, text, strlen(text), &error), 0);
    profile = load_profile_read(path, period, findings);
    unlink(path);
    return profile;
}

static struct load_profile *profile_of(const char *text)
{
    struct findings findings = {0};
    struct load_profile *profile = read_text(text, DAY, &findings);

    if (profile == NULL)
        fail_msg("%s", findings.items[0].what);
    findings_free(&findings);
    return profile;
}

static void shares_of_a_day_are_read(void **state)
{
    struct load_profile *profile =
        profile_of("# made by hand\r\n\r\ntime,share\r\n 06:00 , 20% \r\n18:30:30,100%\r\n");

    (void)state;
    assert_int_equal(profile->written, PROFILE_DAY);
    assert_int_equal(profile->period, DAY);
    assert_int_equal(profile->count, 2);
    assert_int_equal(profile->points[0].time, 6 * HOUR);
    assert_true(profile->points[0].share == 0.2);
    assert_int_equal(profile->points[1].time, 18 * HOUR + 30 * MINUTE + 30 * CLOCK_SECOND);
    assert_true(profile->peak == 0);
    load_profile_free(profile);
}

static void rates_are_shares_of_the_highest(void **state)
{
    struct load_profile *profile = profile_of("time,rate\n0s,5calls/s\n90min,20calls/s\n");

    (void)state;
    assert_int_equal(profile->written, PROFILE_OFFSET);
    assert_int_equal(profile->points[1].time, 90 * MINUTE);
    assert_true(profile->peak == 20);
    assert_true(profile->points[0].share == 0.25);
    assert_true(profile->points[1].share == 1);
    load_profile_free(profile);
}

static void a_week_begins_on_monday(void **state)
{
    struct load_profile *profile = profile_of("time,share\nMon 08:00,10%\nSun 20:15,40%\n");
    struct error error = {0};
    int64_t time = 0;
    char text[24];

    (void)state;
    assert_int_equal(profile->period, 7 * DAY);
    assert_int_equal(profile->points[1].time, 6 * DAY + 20 * HOUR + 15 * MINUTE);
    assert_int_equal(load_profile_time(profile, "Tue 00:30", &time, &error), 0);
    assert_int_equal(time, DAY + 30 * MINUTE);
    load_profile_describe(profile, time, text, sizeof text);
    assert_string_equal(text, "Tue 00:30");
    assert_int_equal(load_profile_time(profile, "00:30", &time, &error), -1);
    assert_non_null(strstr(error.hint, "Mon 08:30"));
    load_profile_free(profile);
}

static void assert_finding(const char *text, int line, const char *what)
{
    struct findings findings = {0};

    assert_null(read_text(text, 2 * HOUR, &findings));
    assert_true(findings.count > 0);
    assert_int_equal(findings.items[0].line, line);
    if (strstr(findings.items[0].what, what) == NULL)
        fail_msg("found '%s', expected '%s'", findings.items[0].what, what);
    findings_free(&findings);
}

static void what_is_wrong_is_told_with_its_line(void **state)
{
    (void)state;
    assert_finding("", 1, "at least two lines");
    assert_finding("time,share\n08:00,10%\n", 3, "at least two lines");
    assert_finding("hour,share\n08:00,10%\n", 1, "does not name the columns");
    assert_finding("08:00,10%\n09:00,20%\n", 1, "does not name the columns");
    assert_finding("time,share\n08:00;10%\n", 2, "\"08:00;10%\" has not two columns");
    assert_finding("time,share\n08:00,10%,3\n", 2, "has not two columns");
    assert_finding("time,share\n08:00,10\n", 2, "\"10\"");
    assert_finding("time,share\n08:00,101%\n", 2, "101%");
    assert_finding("time,share\n08:00,0%\n", 2, "a load of no calls");
    assert_finding("time,share\n08:00,-1%\n", 2, "\"-1%\"");
    assert_finding("time,share\n08:00,nan%\n", 2, "\"nan%\"");
    assert_finding("time,rate\n08:00,10%\n", 2, "\"10%\"");
    assert_finding("time,share\n24:00,10%\n", 2, "\"24:00\" is no time");
    assert_finding("time,share\n8:00,10%\n", 2, "\"8:00\" is no time");
    assert_finding("time,share\n08:60,10%\n", 2, "\"08:60\" is no time");
    assert_finding("time,share\n08:00x,10%\n", 2, "\"08:00x\" is no time");
    assert_finding("time,share\nMoo 08:00,10%\n", 2, "\"Moo 08:00\" is no time");
    assert_finding("time,share\n08:00,10%\n08:00,20%\n", 3, "not after the one before");
    assert_finding("time,share\n08:00,10%\n90min,20%\n", 3, "\"90min\" is no time");
    assert_finding("time,share\n0s,10%\n2h,20%\n", 3, "not within the period");
    assert_finding("time,share\n0s,10%\n\x01,20%\n", 1, "not plain text");
}

static void a_file_that_is_wrong_throughout_is_told_of_shortly(void **state)
{
    struct findings findings = {0};
    struct text text = {0};

    (void)state;
    text_append(&text, "time,share\n");
    for (int i = 0; i < 1000; i++)
        text_appendf(&text, "x%d,1%%\n", i);
    assert_null(read_text(text_string(&text), DAY, &findings));
    assert_int_equal(findings.count, 10);
    findings_free(&findings);
    text_free(&text);
}

static void there_are_lines_between_the_points(void **state)
{
    struct load_profile *profile = profile_of("time,share\n06:00,20%\n18:00,100%\n");
    struct profile_segment segment = load_profile_segment(profile, 7 * HOUR);
    struct profile_range range = load_profile_range(profile);

    (void)state;
    assert_int_equal(segment.start, 6 * HOUR);
    assert_int_equal(segment.end, 18 * HOUR);
    assert_true(segment.from == 0.2 && segment.to == 1);
    segment = load_profile_segment(profile, 18 * HOUR);
    assert_int_equal(segment.start, 18 * HOUR);
    assert_int_equal(segment.end, DAY + 6 * HOUR);
    assert_true(segment.from == 1 && segment.to == 0.2);
    /* Around midnight. */
    segment = load_profile_segment(profile, 0);
    assert_int_equal(segment.start, -6 * HOUR);
    assert_int_equal(segment.end, 6 * HOUR);
    assert_true(range.least == 0.2 && range.most == 1);
    assert_float_equal(range.mean, 0.6, 1e-12);
    profile->held = true;
    segment = load_profile_segment(profile, 7 * HOUR);
    assert_true(segment.from == 0.2 && segment.to == 0.2);
    load_profile_free(profile);
}

/* A campaign of a day at 100 calls/s at the peak, with an hour of warm-up. */
struct scene {
    struct campaign campaign;
    struct plan plan;
    struct planned_experiment experiment;
};

static struct load_course course_of(struct scene *scene, struct load_profile *profile,
                                    struct time_scale scale, int64_t measured_from)
{
    scene->campaign = (struct campaign){
        .load = {.rate = 100, .profile = profile},
        .timeline = {.warm_up = HOUR, .duration = DAY},
    };
    scene->plan = (struct plan){
        .campaign = &scene->campaign,
        .scale = scale,
        .timeline = {.warm_up = time_scale_apply(scale, HOUR)},
    };
    return load_course_of(&scene->plan, &scene->experiment, measured_from);
}

static void a_constant_rate_has_no_steps(void **state)
{
    struct scene scene = {0};
    struct load_course course = course_of(&scene, NULL, (struct time_scale){1, 1}, DAY);
    struct load_step step = load_course_at(&course, 5 * DAY);

    (void)state;
    assert_true(step.rate == 100);
    assert_int_equal(step.until, INT64_MAX);
    assert_float_equal(load_course_calls(&course, DAY, DAY + 3 * CLOCK_SECOND), 300, 1e-9);
}

static void the_load_follows_a_line_in_steps(void **state)
{
    struct load_profile *profile = profile_of("time,share\n06:00,20%\n18:00,80%\n");
    struct scene scene = {.experiment = {.profile_start = 6 * HOUR}};
    int64_t from = 3 * DAY;
    struct load_course course = course_of(&scene, profile, (struct time_scale){1, 1}, from);
    struct load_step step = load_course_at(&course, from);

    (void)state;
    /* Sixty steps of 12 min in 12 h, 1 % each. */
    assert_float_equal(step.rate, 20.5, 1e-9);
    assert_int_equal(step.until, from + 12 * MINUTE);
    step = load_course_at(&course, step.until);
    assert_float_equal(step.rate, 21.5, 1e-9);
    step = load_course_at(&course, step.until - CLOCK_SECOND);
    assert_float_equal(step.rate, 21.5, 1e-9);
    /* The warm-up is the time before in the profile. */
    assert_float_equal(load_course_at(&course, from - HOUR).rate, 24.5, 1e-9);
    assert_float_equal(load_course_at(&course, from - DAY).rate, 24.5, 1e-9);
    /* What is due is the area under the line, around the day's end too. */
    assert_float_equal(load_course_calls(&course, from, from + 12 * HOUR), 50.0 * 12 * 3600, 1e-3);
    assert_float_equal(load_course_calls(&course, from, from + DAY), 50.0 * 24 * 3600, 1e-3);
    assert_float_equal(load_course_at(&course, from + DAY).rate, 20.5, 1e-9);
    load_profile_free(profile);
}

static void a_time_scale_compresses_it(void **state)
{
    struct load_profile *profile = profile_of("time,share\n06:00,20%\n06:10,80%\n18:00,80%\n");
    struct scene scene = {.experiment = {.profile_start = 6 * HOUR}};
    int64_t from = DAY;
    struct load_course course = course_of(&scene, profile, (struct time_scale){1, 60}, from);
    struct load_step step = load_course_at(&course, from);

    (void)state;
    /* Ten minutes are ten seconds: five steps of 2 s. */
    assert_float_equal(step.rate, 26, 1e-9);
    assert_int_equal(step.until, from + 2 * CLOCK_SECOND);
    /* Where it is flat it is one step. */
    step = load_course_at(&course, from + 11 * CLOCK_SECOND);
    assert_float_equal(step.rate, 80, 1e-9);
    assert_int_equal(step.until, from + 720 * CLOCK_SECOND);
    load_profile_free(profile);
}

/* Whatever the scale does to instants, steps follow one another without end. */
static void steps_go_on_at_any_scale(void **state)
{
    struct load_profile *profile =
        profile_of("time,share\n00:00:01,20%\n00:01,80%\n13:13:13,3%\n23:59:59,80%\n");
    const struct time_scale scales[] = {{1, 1}, {1, 7}, {3, 1000}, {13, 3}, {999983, 1000000}};

    (void)state;
    for (size_t i = 0; i < sizeof scales / sizeof scales[0]; i++) {
        struct scene scene = {.experiment = {.profile_start = 12345678901}};
        struct load_course course = course_of(&scene, profile, scales[i], 5 * DAY);
        int64_t end = 5 * DAY + time_scale_apply(scales[i], 2 * DAY);
        int64_t at = 5 * DAY;
        int steps = 0;

        for (; at < end && steps < 10000; steps++) {
            struct load_step step = load_course_at(&course, at);

            assert_true(step.until > at);
            assert_true(step.rate > 2.9 && step.rate < 80.1);
            assert_true(step.until - at > CLOCK_MILLISECOND || at == 5 * DAY);
            at = step.until;
        }
        assert_true(at >= end);
        assert_true(steps < 1000);
    }
    load_profile_free(profile);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_of_a_day_are_read),
        cmocka_unit_test(rates_are_shares_of_the_highest),
        cmocka_unit_test(a_week_begins_on_monday),
        cmocka_unit_test(what_is_wrong_is_told_with_its_line),
        cmocka_unit_test(a_file_that_is_wrong_throughout_is_told_of_shortly),
        cmocka_unit_test(there_are_lines_between_the_points),
        cmocka_unit_test(a_constant_rate_has_no_steps),
        cmocka_unit_test(the_load_follows_a_line_in_steps),
        cmocka_unit_test(a_time_scale_compresses_it),
        cmocka_unit_test(steps_go_on_at_any_scale),
    };

    return cmocka_run_group_tests_name("load profile", tests, NULL, NULL);
}
