/* analysis/service_level: which bound is compared with what, and what can't be compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/service_level.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/fixture_run.h"

/* In the fixture no nominal call fails, and each takes 9 ms; of those in faults every tenth fails.
 */
static void check(const char *level, const char *change, enum error_kind kind, const char *what)
{
    char *folder = fixture_folder();
    char *path = memory_format("%s/%s", folder, STORE_FILE_NAME);
    char *sql =
        memory_format("UPDATE run SET campaign_xml = '<campaign>%s</campaign>'; %s", level, change);
    struct fixture_run setting = {.experiments = 2, .observations = 9, .effect = 8};
    struct error error = {0};
    struct store *store;
    sqlite3 *database;

    assert_int_equal(fixture_run_make(folder, &setting, &error), 0);
    assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(database);
    assert_int_equal(store_open(folder, STORE_READ, &store, &error), 0);
    assert_int_equal(service_level_check(store, &error), kind == ERROR_NONE ? 0 : -1);
    assert_int_equal(error.kind, kind);
    if (what != NULL)
        assert_string_equal(error.what, what);
    assert_int_equal(store_close(store, &error), 0);
    assert_int_equal(folder_remove(folder, &error), 0);
    free(sql);
    free(path);
    free(folder);
}

static void a_level_that_is_kept(void **state)
{
    (void)state;
    check("", "", ERROR_NONE, NULL);
    check("<service-level maximum-failures=\"0%\" maximum-response-time=\"9.1ms\"/>", "",
          ERROR_NONE, NULL);
}

static void each_bound_is_a_threshold(void **state)
{
    (void)state;
    check("<service-level maximum-response-time=\"8.9ms\"/>", "", ERROR_THRESHOLD,
          "service level: nominal calls took 9.0 ms on average, allowed are 8.9 ms");
    check("<service-level maximum-failures=\"2%\"/>",
          "UPDATE service_sample SET calls_failed = 3, calls_succeeded = 97", ERROR_THRESHOLD,
          "service level: 3.00% of nominal calls failed, allowed are 2.00%");
}

static void nothing_to_compare_is_inconclusive(void **state)
{
    static const char level[] = "<service-level maximum-failures=\"2%\"/>";

    (void)state;
    check(level, "UPDATE experiment SET verdict = 'invalid' WHERE fault_type IS NULL",
          ERROR_INCONCLUSIVE,
          "the campaign states a service level, but no nominal experiment is valid");
    check(level, "UPDATE service_sample SET calls_failed = 0, calls_succeeded = 0",
          ERROR_INCONCLUSIVE, "the campaign states a service level, but no nominal call ended");
    check("", "UPDATE experiment SET verdict = 'invalid' WHERE fault_type IS NULL", ERROR_NONE,
          NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_level_that_is_kept),
        cmocka_unit_test(each_bound_is_a_threshold),
        cmocka_unit_test(nothing_to_compare_is_inconclusive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
