/* cli/export*: what is written as CSV is what is stored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/export.h"
#include "store/reader.h"
#include "store/writer.h"
#include "tests/unit/fixture_run.h"

struct scene {
    char *folder;
    struct store *store;
    struct error error;
    char *bytes; /* of the last export */
    size_t length;
};

#define MUST(call) must((call), &scene->error)

static void must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s: %s", error->where, error->what);
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);
    const struct fixture_run setting = {
        .experiments = 6, .observations = 15, .invalid = 1, .effect = 8, .seed = 5};

    scene->folder = fixture_folder();
    MUST(fixture_run_make(scene->folder, &setting, &scene->error));
    MUST(store_open(scene->folder, STORE_WRITE, &scene->store, &scene->error));
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    MUST(store_close(scene->store, &scene->error));
    MUST(folder_remove(scene->folder, &scene->error));
    free(scene->bytes);
    free(scene->folder);
    free(scene);
    return 0;
}

static void export_to_memory(struct scene *scene,
                             int (*export)(struct store *store, struct csv *csv,
                                           struct error *error))
{
    struct csv csv = {0};

    free(scene->bytes);
    csv.stream = open_memstream(&scene->bytes, &scene->length);
    MUST(export(scene->store, &csv, &scene->error));
    assert_int_equal(fclose(csv.stream), 0);
}

static size_t count_rows(const char *bytes)
{
    size_t count = 0;

    for (; (bytes = strchr(bytes, '\n')) != NULL; bytes++)
        count++;
    return count;
}

/* The next field of a row without quoted fields. */
static const char *take_field(char **at)
{
    return strsep(at, ",");
}

static int compare_row(const struct stored_observation *observation, void *context,
                       struct error *error)
{
    char **rows = context;
    char *row = strsep(rows, "\n");

    (void)error;
    for (int skipped = 0; skipped < 4; skipped++)
        take_field(&row);
    assert_int_equal(strtoll(take_field(&row), NULL, 10), observation->window_start_ns);
    assert_int_equal(strtoll(take_field(&row), NULL, 10), observation->time_ns);
    assert_string_equal(take_field(&row), observation->label);
    assert_string_equal(take_field(&row), observation->scope);
    take_field(&row);
    take_field(&row);
    for (size_t i = 0; i < observation->value_count; i++) {
        double value = strtod(take_field(&row), NULL);

        assert_memory_equal(&value, &observation->values[i], sizeof value);
    }
    assert_null(row);
    return 0;
}

static void observations_come_back_bit_by_bit(void **state)
{
    struct scene *scene = *state;
    char *rows;
    const char *header;

    export_to_memory(scene, export_observations);
    rows = scene->bytes;
    header = strsep(&rows, "\n");
    assert_non_null(strstr(header, "experiment,cell,verdict,target,window_start_ns,time_ns,label,"
                                   "scope,intensity,fault_target,cpu.usage,cpu.user,"));
    for (int64_t target = 1; target <= FIXTURE_TARGETS; target++)
        MUST(store_each_observation(scene->store, target, compare_row, &rows, &scene->error));
    assert_string_equal(rows, "");
}

static void metrics_of_different_sets_have_their_own_columns(void **state)
{
    struct scene *scene = *state;
    struct store_metric metrics[] = {{"memory.rss", false, "memory", "virtual", "bytes"},
                                     {"guest.load", false, "cpu", "virtual", ""}};
    const double values[] = {7, 8.5};
    int64_t set;

    MUST(store_put_metric_set(scene->store, 1, "other", metrics, 2, &set, &scene->error));
    MUST(store_put_observation(scene->store, 1, set, FIXTURE_START_NS - 2, FIXTURE_START_NS - 1,
                               values, 2, &scene->error));
    export_to_memory(scene, export_observations);
    assert_non_null(strstr(scene->bytes, "process.switches,guest.load\n"));
    assert_non_null(strstr(scene->bytes, ",1699999999999999999,normal,none,,,,,,,,,7,,,,,,,,,,,,,,"
                                         "8.5\n"));
}

static void other_tables_have_all_rows(void **state)
{
    struct scene *scene = *state;

    export_to_memory(scene, export_experiments);
    assert_int_equal(count_rows(scene->bytes), 1 + 7);
    assert_non_null(strstr(scene->bytes, "\nnominal-1,6,1,,,,1,done,valid,,"));
    assert_non_null(strstr(scene->bytes, ",invalid,the fault did not take hold,"));
    export_to_memory(scene, export_injections);
    assert_int_equal(count_rows(scene->bytes), 1 + 6);
    assert_non_null(strstr(scene->bytes, "\ncpu-high-sprout-1,sprout,fixture000001,cpu,high,97,"));
    export_to_memory(scene, export_service);
    assert_int_equal(count_rows(scene->bytes), 1 + 7 * 15);
    assert_non_null(strstr(scene->bytes, "failed.timeout-on-receive,response.call.mean_ns,"
                                         "response.call.deviation_ns,response.invite.mean_ns"));
}

static void fields_are_quoted(void **state)
{
    char *bytes;
    size_t length;
    struct csv csv = {.stream = open_memstream(&bytes, &length)};

    (void)state;
    csv_text(&csv, "plain");
    csv_text(&csv, "a,b");
    csv_text(&csv, "say \"no\"");
    csv_text(&csv, "two\nlines");
    csv_text(&csv, NULL);
    csv_number(&csv, 0.1);
    csv_instant(&csv, 0);
    csv_end_row(&csv);
    fclose(csv.stream);
    assert_string_equal(bytes,
                        "plain,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",,0.10000000000000001,\n");
    free(bytes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(observations_come_back_bit_by_bit),
        CASE(metrics_of_different_sets_have_their_own_columns),
        CASE(other_tables_have_all_rows),
        cmocka_unit_test(fields_are_quoted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
