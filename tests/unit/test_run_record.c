/* What a run writes of itself before its first experiment: who is killed at any time after that can
 * be resumed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "runner/run_record.h"
#include "store/reader.h"
#include "store/shards.h"
#include "tests/unit/fixture_run.h"

struct recording_run {
    char *folder;
    struct testbed testbed;
    struct campaign campaign;
    struct planned_experiment experiments[2];
    struct plan plan;
    struct run_setting setting;
    struct run run;
    struct error error;
};

static int begin(void **state)
{
    static struct recording_run all;
    struct recording_run *one = &all;

    memset(one, 0, sizeof *one);
    one->folder = fixture_folder();
    one->testbed.path = "testbed.xml";
    one->testbed.xml = "<testbed/>";
    one->campaign = (struct campaign){
        .path = "campaign.xml", .name = "recorded", .xml = "<campaign/>", .testbed = &one->testbed};
    one->experiments[1].cell = 3;
    one->plan = (struct plan){.campaign = &one->campaign,
                              .shard = {1, 2},
                              .scale = {1, 1},
                              .monitoring_period = CLOCK_SECOND,
                              .experiments = one->experiments,
                              .experiment_count = 2,
                              .whole_count = 4};
    one->setting = (struct run_setting){
        .plan = &one->plan, .folder = one->folder, .version = "0.1.0", .faults = true};
    one->run.setting = &one->setting;
    assert_int_equal(run_record_check(&one->run, &one->error), 0);
    assert_int_equal(run_record_begin(&one->run, &one->error), 0);
    *state = one;
    return 0;
}

static int end(void **state)
{
    struct recording_run *one = *state;

    store_close(one->run.store, &one->error);
    assert_int_equal(folder_remove(one->folder, &one->error), 0);
    free(one->folder);
    return 0;
}

/* As another process finds it, which has what was committed. */
static void test_a_run_that_has_begun_is_there_to_resume(void **state)
{
    struct recording_run *one = *state;
    struct stored_run stored;
    struct stored_shard shard;
    struct store *other;

    assert_int_equal(store_open(one->folder, STORE_READ, &other, &one->error), 0);
    if (store_read_run(other, &stored, &one->error) < 0)
        fail_msg("%s", one->error.what);
    assert_string_equal(stored.name, "recorded");
    assert_int_equal(store_read_shard(other, &shard, &one->error), 0);
    assert_int_equal(shard.count, 2);
    assert_int_equal(shard.cells, 2);
    stored_run_free(&stored);
    store_close(other, &one->error);
}

static void test_its_folder_is_not_free(void **state)
{
    struct recording_run *one = *state;

    assert_int_equal(run_record_check(&one->run, &one->error), -1);
    assert_int_equal(one->error.kind, ERROR_INPUT);
    assert_non_null(strstr(one->error.what, "holds a run already"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_run_that_has_begun_is_there_to_resume, begin, end),
        cmocka_unit_test_setup_teardown(test_its_folder_is_not_free, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
