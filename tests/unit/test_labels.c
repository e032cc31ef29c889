/* The view observation_label: windows against edges (docs/labels.md). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "store/reader.h"
#include "store/writer.h"
#include "tests/unit/fixture_run.h"

struct scene {
    char *folder;
    struct store *store;
    struct error error;
    int64_t targets[3]; /* bono, sprout, none */
    int64_t sets[2];
    int64_t experiment;
};

#define MUST(call) must((call), &scene->error)

static void must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s: %s", error->where, error->what);
}

/* A run with a cool-down of 100 ns and one running experiment. */
static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);
    struct store_run run = {"r", "c", "x", "t", "x", "1", 10, 100, true, "0", 1};
    struct store_metric metric = {"a", false, "cpu", "virtual", ""};
    struct store_experiment experiment = {0, "e", NULL, NULL, 0, 1, 1};
    static const char *const names[] = {"bono", "sprout"};

    scene->folder = fixture_folder();
    MUST(store_create(scene->folder, &scene->store, &scene->error));
    MUST(store_put_run(scene->store, &run, &scene->error));
    for (int i = 0; i < 2; i++) {
        MUST(store_put_target(scene->store, names[i], "", "", &scene->targets[i], &scene->error));
        MUST(store_put_metric_set(scene->store, scene->targets[i], "cgroup", &metric, 1,
                                  &scene->sets[i], &scene->error));
    }
    MUST(store_begin_experiment(scene->store, &experiment, &scene->experiment, &scene->error));
    MUST(store_end_experiment(scene->store, scene->experiment, 4000, NULL, NULL, &scene->error));
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    MUST(store_close(scene->store, &scene->error));
    MUST(folder_remove(scene->folder, &scene->error));
    free(scene->folder);
    free(scene);
    return 0;
}

enum { LOAD = 2 }; /* in place of a target */

/* An injection on sprout unless said; an edge at 0 is missing. Each edge is known to 5 ns. */
struct injection_row {
    const char *type;
    int target;
    int64_t start_commanded;
    int64_t applied;
    int64_t end_commanded;
    int64_t gone;
};

static void put_injection(struct scene *scene, const struct injection_row *row)
{
    struct store_injection injection = {
        scene->experiment, scene->targets[row->target], "token", row->type, "high", 1, "%", 1};
    const struct {
        const char *kind;
        int64_t time;
    } edges[] = {
        {"start-commanded", row->start_commanded},
        {"applied", row->applied},
        {"end-commanded", row->end_commanded},
        {"gone", row->gone},
    };
    int64_t id;

    MUST(store_begin_injection(scene->store, &injection, &id, &scene->error));
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        /* The target's clock is an hour ahead: only the runner's may count. */
        struct store_edge edge = {edges[i].kind, edges[i].time + 3600, edges[i].time, 3600, 5};

        if (edges[i].time != 0)
            MUST(store_put_edge(scene->store, id, &edge, &scene->error));
    }
}

static int copy_label(const struct stored_observation *observation, void *context,
                      struct error *error)
{
    (void)error;
    text_clear(context);
    text_appendf(context, "%s %s %s %s", observation->label, observation->scope,
                 observation->intensity != NULL ? observation->intensity : "-",
                 observation->fault_target != NULL ? observation->fault_target : "-");
    return 0;
}

/* Label of a new observation of the target with this window. */
static void expect_label(struct scene *scene, int target, int64_t window_start, int64_t time,
                         const char *expected)
{
    struct text label = {0};
    double value = 1;

    MUST(store_put_observation(scene->store, scene->experiment, scene->sets[target], window_start,
                               time, &value, 1, &scene->error));
    MUST(store_each_observation(scene->store, scene->targets[target], copy_label, &label,
                                &scene->error));
    if (strcmp(text_string(&label), expected) != 0)
        fail_msg("(%d, %d] is '%s', not '%s'", (int)window_start, (int)time, text_string(&label),
                 expected);
    text_free(&label);
}

struct window_row {
    int64_t window_start;
    int64_t time;
    const char *label;
};

/* Each row is tried in a fresh order of time: rows must go up in time. */
static void expect_labels(struct scene *scene, int target, const struct window_row *rows,
                          size_t count)
{
    for (size_t i = 0; i < count; i++)
        expect_label(scene, target, rows[i].window_start, rows[i].time, rows[i].label);
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Commanded at 1000, applied at 1100 (to 1105), end commanded at 2000 (from 1995), gone at 2050,
 * cool-down to 2155. */
static const struct injection_row plain = {"cpu", 1, 1000, 1100, 2000, 2050};

static void windows_follow_the_edges(void **state)
{
    struct scene *scene = *state;
    const struct window_row rows[] = {
        {900, 990, "normal none - -"},
        {989, 999, "normal none - -"},
        {990, 1000, "ramp own high sprout"},
        {1000, 1010, "ramp own high sprout"},
        {1104, 1114, "ramp own high sprout"},
        {1105, 1115, "cpu own high sprout"},
        {1500, 1510, "cpu own high sprout"},
        {1985, 1995, "cpu own high sprout"},
        {1986, 1996, "cool-down own high sprout"},
        {1995, 2005, "cool-down own high sprout"},
        {2100, 2110, "cool-down own high sprout"},
        {2154, 2164, "cool-down own high sprout"},
        {2155, 2165, "normal none - -"},
        {3000, 3010, "normal none - -"},
    };

    put_injection(scene, &plain);
    expect_labels(scene, 1, rows, COUNT(rows));
}

/* A profile's second level, commanded at 1500 and in at 1520 (to 1525); its third never came in. */
static void windows_between_two_levels_are_ramp(void **state)
{
    struct scene *scene = *state;
    const struct store_level levels[] = {
        {.position = 1, .requested = 10, .commanded_ns = 1000, .applied_ns = 1100, .error_ns = 5},
        {.position = 2, .requested = 20, .commanded_ns = 1500, .applied_ns = 1520, .error_ns = 5},
        {.position = 3, .requested = 30, .commanded_ns = 1800, .error_ns = 5},
    };
    const struct window_row rows[] = {
        {1105, 1115, "cpu own high sprout"},  {1489, 1499, "cpu own high sprout"},
        {1490, 1500, "ramp own high sprout"}, {1524, 1534, "ramp own high sprout"},
        {1525, 1535, "cpu own high sprout"},  {1795, 1805, "ramp own high sprout"},
        {1900, 1910, "ramp own high sprout"}, {1995, 2005, "cool-down own high sprout"},
        {2155, 2165, "normal none - -"},
    };

    put_injection(scene, &plain);
    for (size_t i = 0; i < COUNT(levels); i++)
        MUST(store_put_level(scene->store, 1, &levels[i], &scene->error));
    expect_labels(scene, 1, rows, COUNT(rows));
}

static void window_over_the_whole_fault_is_ramp(void **state)
{
    struct scene *scene = *state;

    put_injection(scene, &plain);
    expect_label(scene, 1, 900, 2500, "ramp own high sprout");
}

static void other_targets_see_it_elsewhere(void **state)
{
    struct scene *scene = *state;
    const struct window_row rows[] = {
        {900, 990, "normal none - -"},
        {1000, 1010, "ramp elsewhere high sprout"},
        {1500, 1510, "cpu elsewhere high sprout"},
        {2000, 2010, "cool-down elsewhere high sprout"},
    };

    put_injection(scene, &plain);
    expect_labels(scene, 0, rows, COUNT(rows));
}

static void faults_in_the_load_are_own_everywhere(void **state)
{
    struct scene *scene = *state;
    const struct injection_row overload = {"overload", LOAD, 1000, 1100, 2000, 2050};
    const struct window_row rows[] = {
        {900, 990, "normal none - -"},
        {1000, 1010, "ramp own high -"},
        {1500, 1510, "overload own high -"},
        {2000, 2010, "cool-down own high -"},
    };

    put_injection(scene, &overload);
    expect_labels(scene, 0, rows, COUNT(rows));
    expect_labels(scene, 1, rows, COUNT(rows));
}

/* It is nearer than one elsewhere, also where that began earlier. */
static void fault_in_the_load_counts_more_than_one_elsewhere(void **state)
{
    struct scene *scene = *state;
    const struct injection_row overload = {"overload", LOAD, 1000, 1100, 2000, 2050};

    put_injection(scene, &plain);
    put_injection(scene, &overload);
    expect_label(scene, 0, 1500, 1510, "overload own high -");
    expect_label(scene, 1, 1500, 1510, "cpu own high sprout");
}

static int expect_in_load(const struct stored_injection *injection, void *context,
                          struct error *error)
{
    bool *found = context;

    (void)error;
    assert_true(injection->in_load);
    assert_string_equal(injection->target, "load");
    *found = true;
    return 0;
}

static void fault_in_the_load_is_read_as_such(void **state)
{
    struct scene *scene = *state;
    const struct injection_row overload = {"overload", LOAD, 1000, 1100, 2000, 2050};
    bool found = false;

    put_injection(scene, &overload);
    MUST(store_each_injection(scene->store, expect_in_load, &found, &scene->error));
    assert_true(found);
}

static void missing_edges_give_no_clean_label(void **state)
{
    struct scene *scene = *state;
    const struct injection_row never_commanded = {"disk", 1, 0, 0, 0, 0};
    const struct injection_row never_applied = {"cpu", 1, 1000, 0, 0, 0};

    put_injection(scene, &never_commanded);
    expect_label(scene, 1, 500, 510, "normal none - -");
    put_injection(scene, &never_applied);
    expect_label(scene, 1, 900, 910, "normal none - -");
    expect_label(scene, 1, 1500, 1510, "ramp own high sprout");
    expect_label(scene, 1, 900000, 900010, "ramp own high sprout");
}

static void failed_apply_that_was_reverted_is_ramp_until_its_cool_down(void **state)
{
    struct scene *scene = *state;
    const struct injection_row failed = {"cpu", 1, 1000, 0, 1200, 1250};

    put_injection(scene, &failed);
    expect_label(scene, 1, 1180, 1190, "ramp own high sprout");
    expect_label(scene, 1, 1300, 1310, "ramp own high sprout");
    expect_label(scene, 1, 1355, 1365, "normal none - -");
}

static void fault_that_still_runs_has_its_label(void **state)
{
    struct scene *scene = *state;
    const struct injection_row running = {"cpu", 1, 1000, 1100, 0, 0};
    const struct injection_row fell = {"disk", 0, 1000, 1100, 0, 3000};

    put_injection(scene, &running);
    expect_label(scene, 1, 5000, 5010, "cpu own high sprout");
    put_injection(scene, &fell);
    expect_label(scene, 0, 2000, 2010, "disk own high bono");
    expect_label(scene, 0, 6000, 6010, "cpu elsewhere high sprout");
}

static void of_several_injections_the_highest_phase_counts(void **state)
{
    struct scene *scene = *state;
    const struct injection_row second = {"disk", 1, 2000, 2060, 3000, 3050};
    const struct injection_row far = {"latency", 0, 1000, 1100, 3000, 3050};

    put_injection(scene, &plain);
    put_injection(scene, &second);
    /* cpu's cool-down and disk's ramp; then cpu's cool-down and disk itself. */
    expect_label(scene, 1, 2030, 2040, "ramp own high sprout");
    expect_label(scene, 1, 2070, 2080, "disk own high sprout");
    put_injection(scene, &far);
    /* Inside both: the own target's counts. In disk's ramp, but inside the far one: the far. */
    expect_label(scene, 1, 2100, 2110, "disk own high sprout");
    expect_label(scene, 0, 2101, 2111, "latency own high bono");
    expect_label(scene, 1, 3060, 3070, "cool-down own high sprout");
}

static void fault_elsewhere_beats_an_own_ramp(void **state)
{
    struct scene *scene = *state;
    const struct injection_row own = {"disk", 1, 2000, 2060, 3000, 3050};
    const struct injection_row far = {"latency", 0, 1000, 1100, 3000, 3050};

    put_injection(scene, &own);
    put_injection(scene, &far);
    expect_label(scene, 1, 2030, 2040, "latency elsewhere high bono");
}

static void invalid_experiment_has_invalid_observations(void **state)
{
    struct scene *scene = *state;

    put_injection(scene, &plain);
    MUST(store_end_experiment(scene->store, scene->experiment, 4000, "phantom fault", NULL,
                              &scene->error));
    expect_label(scene, 1, 500, 510, "invalid none - -");
    expect_label(scene, 1, 1500, 1510, "invalid own high sprout");
}

static void observation_after_a_gap_is_invalid(void **state)
{
    struct scene *scene = *state;

    MUST(store_put_monitoring_event(scene->store, scene->experiment, scene->sets[1], 500, "gap",
                                    "2 missing", &scene->error));
    MUST(store_put_monitoring_event(scene->store, scene->experiment, scene->sets[1], 510, "late",
                                    "1 s", &scene->error));
    MUST(store_put_monitoring_event(scene->store, scene->experiment, scene->sets[1], 510, "late",
                                    "1 s", &scene->error));
    expect_label(scene, 1, 480, 490, "normal none - -");
    expect_label(scene, 1, 490, 500, "invalid none - -");
    expect_label(scene, 1, 500, 510, "normal none - -");
    expect_label(scene, 0, 490, 500, "normal none - -");
}

static void unjudged_and_torn_experiments_have_invalid_observations(void **state)
{
    struct scene *scene = *state;
    struct store_experiment experiment = {1, "f", NULL, NULL, 0, 1, 1};

    MUST(store_begin_experiment(scene->store, &experiment, &scene->experiment, &scene->error));
    expect_label(scene, 1, 500, 505, "invalid none - -");
    MUST(store_tear_experiments(scene->store, 4000, "the runner died", &scene->error));
    expect_label(scene, 1, 500, 510, "invalid none - -");
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(windows_follow_the_edges),
        CASE(windows_between_two_levels_are_ramp),
        CASE(window_over_the_whole_fault_is_ramp),
        CASE(other_targets_see_it_elsewhere),
        CASE(faults_in_the_load_are_own_everywhere),
        CASE(fault_in_the_load_counts_more_than_one_elsewhere),
        CASE(fault_in_the_load_is_read_as_such),
        CASE(missing_edges_give_no_clean_label),
        CASE(failed_apply_that_was_reverted_is_ramp_until_its_cool_down),
        CASE(fault_that_still_runs_has_its_label),
        CASE(of_several_injections_the_highest_phase_counts),
        CASE(fault_elsewhere_beats_an_own_ramp),
        CASE(invalid_experiment_has_invalid_observations),
        CASE(observation_after_a_gap_is_invalid),
        CASE(unjudged_and_torn_experiments_have_invalid_observations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
