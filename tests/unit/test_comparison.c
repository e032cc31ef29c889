/* analysis/comparison, service_course and facts_of_xml: what of two runs is compared with what. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants those above first */
#include <cmocka.h>

#include <sqlite3.h>

#include "analysis/comparison_parts.h"
#include "analysis/facts_of_xml.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/fixture_run.h"

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9))
        fail_msg("%.17g is not %.17g", value, expected);
}

static char *make_run(const struct fixture_run *setting, const char *sql)
{
    char *folder = fixture_folder();
    char *path = memory_format("%s/%s", folder, STORE_FILE_NAME);
    struct error error;
    sqlite3 *database;

    assert_int_equal(fixture_run_make(folder, setting, &error), 0);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    free(path);
    return folder;
}

static void remove_run(char *folder)
{
    struct error error;

    assert_int_equal(folder_remove(folder, &error), 0);
    free(folder);
}

static void compare(const char *base_folder, const char *new_folder, double maximum_failures,
                    struct comparison *comparison)
{
    struct comparison_setting setting = {.maximum_failure_share = maximum_failures, .seed = 1};
    struct error error;
    struct store *base;
    struct store *new;

    assert_int_equal(store_open(base_folder, STORE_READ, &base, &error), 0);
    assert_int_equal(store_open(new_folder, STORE_READ, &new, &error), 0);
    assert_int_equal(comparison_make(base, new, &setting, comparison, &error), 0);
    store_close(base, &error);
    store_close(new, &error);
}

static const struct compared_row *row_of(const struct comparison *comparison, size_t figure,
                                         const char *fault_type, size_t groups)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        const struct compared_row *row = &comparison->rows[i];

        if (row->figure == figure && row->groups == groups &&
            (fault_type == NULL
                 ? row->fault_type == NULL
                 : row->fault_type != NULL && strcmp(row->fault_type, fault_type) == 0))
            return row;
    }
    fail_msg("no row of %s of %s", compared_figure_names[figure],
             fault_type != NULL ? fault_type : "all");
    return NULL;
}

/* 30 s, a fault from 10 to 20 s in which 10 % fail at least; then 4 s of NEW in which all do. */
static void time_to_recover_and_availability_are_those_of_the_seconds(void **state)
{
    const struct fixture_run base_setting = {10, 30, 0, 0, 8, 1, 0, 0};
    const struct fixture_run new_setting = {10, 30, 0, 0, 8, 1, 4, 0};
    char *base = make_run(&base_setting, "");
    char *new = make_run(&new_setting, "");
    struct comparison comparison;
    const struct compared_row *row;

    (void)state;
    compare(base, new, -1, &comparison);
    row = row_of(&comparison, FIGURE_TIME_TO_RECOVER, "cpu", 1);
    assert_near(row->sides[COMPARED_BASE].value, 0);
    assert_near(row->sides[COMPARED_NEW].value, 4);
    assert_int_equal(row->sides[COMPARED_NEW].experiments, 2);
    assert_int_equal(row->sides[COMPARED_NEW].cut_short, 0);
    assert_near(row->p, 2.0 / 6);
    row = row_of(&comparison, FIGURE_AVAILABILITY, NULL, 5);
    assert_near(row->sides[COMPARED_BASE].value, 20.0 / 30);
    assert_near(row->sides[COMPARED_NEW].value, 16.0 / 30);
    /* Five groups of 2 against 2: of 6^5 arrangements two are as far apart. */
    assert_near(row->p, 2 / pow(6, 5));
    row = row_of(&comparison, FIGURE_AVAILABILITY, NULL, 1);
    assert_near(row->sides[COMPARED_NEW].value, 1);
    comparison_free(&comparison);
    /* All that fails now is below the bound, but for the outage. */
    compare(base, new, 0.5, &comparison);
    row = row_of(&comparison, FIGURE_AVAILABILITY, "disk", 1);
    assert_near(row->sides[COMPARED_BASE].value, 1);
    assert_near(row->sides[COMPARED_NEW].value, 26.0 / 30);
    comparison_free(&comparison);
    remove_run(base);
    remove_run(new);
}

static void a_service_that_never_recovers_is_cut_short(void **state)
{
    const struct fixture_run base_setting = {5, 30, 0, 0, 8, 1, 0, 0};
    const struct fixture_run new_setting = {5, 30, 0, 0, 8, 1, 10, 0};
    char *base = make_run(&base_setting, "");
    char *new = make_run(&new_setting, "");
    struct comparison comparison;
    const struct compared_row *row;

    (void)state;
    compare(base, new, -1, &comparison);
    row = row_of(&comparison, FIGURE_TIME_TO_RECOVER, "cpu", 1);
    assert_near(row->sides[COMPARED_NEW].value, 10);
    assert_int_equal(row->sides[COMPARED_BASE].cut_short, 0);
    assert_int_equal(row->sides[COMPARED_NEW].cut_short, 1);
    assert_true(isnan(row->sides[COMPARED_NEW].lower));
    comparison_free(&comparison);
    remove_run(base);
    remove_run(new);
}

/* A second in which nothing ended is down if calls were due, and says nothing if there were few. */
static void seconds_without_an_end_are_told_apart(void **state)
{
    const struct fixture_run setting = {5, 30, 0, 0, 8, 1, 0, 0};
    const char *nothing_ended =
        "UPDATE service_sample SET calls_succeeded = 0, calls_failed = 0, offered_rate = %d "
        "WHERE time_ns > (SELECT max(runner_ns) FROM edge WHERE kind = 'gone') AND experiment_id "
        "= 5 AND time_ns <= (SELECT max(runner_ns) FROM edge WHERE kind = 'gone') + 3000000000;";
    char *sql = memory_format(nothing_ended, 100);
    char *few_sql = memory_format(nothing_ended, 2);
    char *many = make_run(&setting, sql);
    char *few = make_run(&setting, few_sql);
    struct comparison comparison;
    const struct compared_row *row;

    (void)state;
    compare(many, few, -1, &comparison);
    row = row_of(&comparison, FIGURE_AVAILABILITY, "latency", 1);
    assert_near(row->sides[COMPARED_BASE].value, 17.0 / 30);
    assert_near(row->sides[COMPARED_NEW].value, 17.0 / 27);
    row = row_of(&comparison, FIGURE_TIME_TO_RECOVER, "latency", 1);
    assert_near(row->sides[COMPARED_BASE].value, 3);
    assert_near(row->sides[COMPARED_NEW].value, 0);
    comparison_free(&comparison);
    free(sql);
    free(few_sql);
    remove_run(many);
    remove_run(few);
}

/* Of ten experiments the last three are invalid: disk, packet loss and latency have one each. */
static void invalid_experiments_are_left_out(void **state)
{
    const struct fixture_run base_setting = {10, 30, 0, 0, 8, 1, 0, 0};
    const struct fixture_run new_setting = {10, 30, 3, 0, 8, 1, 0, 0};
    char *base = make_run(&base_setting, "");
    char *new = make_run(&new_setting, "");
    struct comparison comparison;

    (void)state;
    compare(base, new, -1, &comparison);
    assert_int_equal(comparison.runs[COMPARED_BASE].invalid, 0);
    assert_int_equal(comparison.runs[COMPARED_NEW].valid, 8);
    assert_int_equal(comparison.runs[COMPARED_NEW].invalid, 3);
    assert_int_equal(row_of(&comparison, FIGURE_FAILED_CALLS, "cpu", 1)->sides[1].experiments, 2);
    assert_int_equal(row_of(&comparison, FIGURE_FAILED_CALLS, "latency", 1)->sides[1].experiments,
                     1);
    comparison_free(&comparison);
    remove_run(base);
    remove_run(new);
}

static void a_change_is_named(const struct comparison *comparison, const char *what,
                              const char *base, const char *new)
{
    for (size_t i = 0; i < comparison->change_count; i++) {
        const struct comparison_change *change = &comparison->changes[i];

        if (strcmp(change->what, what) == 0) {
            assert_string_equal(change->base, base);
            assert_string_equal(change->new, new);
            return;
        }
    }
    fail_msg("no change of %s", what);
}

static void what_differs_is_named(void **state)
{
    const struct fixture_run setting = {5, 30, 0, 0, 8, 1, 0, 0};
    char *base = make_run(&setting, "UPDATE run SET campaign_xml = '<c><load rate=\"160calls/s\"/>"
                                    "<matrix seed=\"1\"/></c>'");
    char *new = make_run(&setting, "UPDATE run SET campaign_xml = '<c><load rate=\"200calls/s\"/>"
                                   "<matrix seed=\"2\"/></c>', time_scale = '1/15';"
                                   "UPDATE fact SET value = '6.2' WHERE name = 'kernel';"
                                   "INSERT INTO fact VALUES ('load', 'sipp', 'v3.7');"
                                   "INSERT INTO fact VALUES ('plan', 'experiments', '5');");
    struct comparison comparison;

    (void)state;
    compare(base, new, -1, &comparison);
    assert_int_equal(comparison.change_count, 5);
    a_change_is_named(&comparison, "time scale", "1", "1/15");
    a_change_is_named(&comparison, "campaign: load@rate", "160calls/s", "200calls/s");
    a_change_is_named(&comparison, "campaign: matrix@seed", "1", "2");
    a_change_is_named(&comparison, "runner: kernel", "6.1.0", "6.2");
    a_change_is_named(&comparison, "load: sipp", "", "v3.7");
    comparison_free(&comparison);
    compare(base, base, -1, &comparison);
    assert_int_equal(comparison.change_count, 0);
    comparison_free(&comparison);
    remove_run(base);
    remove_run(new);
}

/* All of a setting that figures of detectors depend on. */
static void how_the_evaluations_were_made_is_compared(void **state)
{
    struct evaluation base = {
        .setting = {.detector = "pca", .trees = 10, .folds = 5, .seed = 1, .threshold = 0.5}};
    struct evaluation new = {.setting = {.detector = "forest",
                                         .trees = 100,
                                         .folds = 10,
                                         .seed = 2,
                                         .threshold = 0.25,
                                         .balanced = 1,
                                         .target = "sprout",
                                         .pipeline = {5 * CLOCK_SECOND, 3, 1}}};
    char no_xml[] = "";
    const struct report_run run = {.run = {.campaign_xml = no_xml, .testbed_xml = no_xml}};
    const struct compared_source sources[] = {{.run = run, .evaluation = &base},
                                              {.run = run, .evaluation = &new}};
    struct comparison comparison = {0};

    (void)state;
    comparison_add_changes(&comparison, sources);
    a_change_is_named(&comparison, "evaluation: detector", "pca", "forest");
    a_change_is_named(&comparison, "evaluation: trees", "10", "100");
    a_change_is_named(&comparison, "evaluation: folds", "5", "10");
    a_change_is_named(&comparison, "evaluation: seed", "1", "2");
    a_change_is_named(&comparison, "evaluation: threshold", "0.5", "0.25");
    a_change_is_named(&comparison, "evaluation: balanced", "no", "yes");
    a_change_is_named(&comparison, "evaluation: resample, s", "0", "5");
    a_change_is_named(&comparison, "evaluation: lags", "0", "3");
    a_change_is_named(&comparison, "evaluation: changes", "no", "yes");
    a_change_is_named(&comparison, "evaluation: target", "", "sprout");
    comparison_free(&comparison);
}

static void elements_of_a_list_go_by_their_names(void **state)
{
    static const char xml[] = "<c name='x'><description>no</description><fs>"
                              "<f type='cpu'><i name='high' value='9%'/></f><f type='mem'/></fs>"
                              "<p><s v='1'/><s v='2'/></p><t> some text\n</t></c>";
    static const char *const expected[] = {"fs/f[cpu]/i[high]@value=9%",
                                           "fs/f[cpu]@type=cpu",
                                           "fs/f[mem]@type=mem",
                                           "p/s[1]@v=1",
                                           "p/s[2]@v=2",
                                           "t=some text"};
    struct xml_facts facts;

    (void)state;
    xml_facts_read(xml, &facts);
    assert_int_equal(facts.count, sizeof expected / sizeof expected[0]);
    for (size_t i = 0; i < facts.count; i++) {
        char *fact = memory_format("%s=%s", facts.items[i].path, facts.items[i].value);

        assert_string_equal(fact, expected[i]);
        free(fact);
    }
    xml_facts_free(&facts);
    xml_facts_read("<broken", &facts);
    assert_int_equal(facts.count, 0);
    xml_facts_free(&facts);
}

/* A fault on sprout or in the load that was there from second `from` to `until`. */
static struct report_injection injected(const char *type, const char *intensity, bool in_load,
                                        int64_t from, int64_t until)
{
    return (struct report_injection){.stored = {.target = in_load ? "load" : "sprout",
                                                .in_load = in_load,
                                                .fault_type = type,
                                                .intensity = intensity,
                                                .applied_ns = from * CLOCK_SECOND,
                                                .gone_ns = until * CLOCK_SECOND}};
}

static struct fault_detection detected(char *type, char *intensity, char *verdict, double delay_s)
{
    static char experiment[] = "e1";

    return (struct fault_detection){.experiment = experiment,
                                    .fault_type = type,
                                    .intensity = intensity,
                                    .verdict = verdict,
                                    .delay_s = delay_s};
}

/* One experiment, in which faults of one kind are parted by another. */
static void an_experiment_gives_one_time_to_detect_of_each_kind(void **state)
{
    char cpu[] = "cpu", overload[] = "overload", low[] = "low", high[] = "high";
    char found[] = "found", missed[] = "missed", name[] = "experiment", sprout[] = "sprout";
    struct report_injection injections[] = {
        injected(cpu, low, false, 10, 20), injected(overload, high, true, 30, 35),
        injected(cpu, high, false, 40, 100), injected(cpu, low, false, 110, 150)};
    struct fault_detection faults[] = {
        detected(cpu, low, found, 2), detected(overload, high, found, 1),
        detected(cpu, high, missed, NAN), detected(cpu, low, missed, NAN)};
    struct split_result split = {.name = name, .detection = {.faults = faults, .fault_count = 4}};
    struct target_result target = {.target = sprout, .splits = &split, .split_count = 1};
    struct evaluation evaluation = {.targets = &target, .target_count = 1};
    struct report_experiment experiment = {
        .stored = {.name = "e1"}, .injections = injections, .injection_count = 4};
    const struct compared_source source = {
        .run = {.experiments = &experiment, .experiment_count = 1}, .evaluation = &evaluation};
    struct comparison comparison = {0};
    const struct sample *sample;

    (void)state;
    comparison_add_detections(&comparison, COMPARED_BASE, &source);
    assert_int_equal(comparison.group_count, 3);
    sample = &comparison.groups[0].samples[COMPARED_BASE][FIGURE_TIME_TO_DETECT];
    assert_int_equal(sample->count, 1);
    assert_near(sample->values[0], (2.0 + 40) / 2);
    /* A fault in the load is of no group that the service's figures have made. */
    assert_int_equal(comparison.groups[1].experiments[COMPARED_BASE], 1);
    sample = &comparison.groups[2].samples[COMPARED_BASE][FIGURE_TIME_TO_DETECT];
    assert_int_equal(sample->count, 1);
    assert_near(sample->values[0], 60);
    comparison_free(&comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_to_recover_and_availability_are_those_of_the_seconds),
        cmocka_unit_test(a_service_that_never_recovers_is_cut_short),
        cmocka_unit_test(seconds_without_an_end_are_told_apart),
        cmocka_unit_test(invalid_experiments_are_left_out),
        cmocka_unit_test(an_experiment_gives_one_time_to_detect_of_each_kind),
        cmocka_unit_test(what_differs_is_named),
        cmocka_unit_test(how_the_evaluations_were_made_is_compared),
        cmocka_unit_test(elements_of_a_list_go_by_their_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
