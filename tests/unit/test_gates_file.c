/* cli/gates_file: good files are read, bad ones say what is wrong and on which line. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* cmocka wants those above first */
#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/gates_file.h"
#include "tests/unit/fixture_run.h"

#define HEAD "<gates xmlns=\"urn:vnfault:gates:1\">\n"

static void read_text(const char *text, struct gates *gates, struct findings *findings)
{
    char *folder = fixture_folder();
    char *path = memory_format("%s/gates.xml", folder);
    struct error error;

    assert_int_equal(file_write(path, text, strlen(text), &error), 0);
    gates_file_read(path, gates, findings);
    assert_int_equal(folder_remove(folder, &error), 0);
    free(path);
    free(folder);
}

/* The file's only finding is on this line and holds these texts. */
static void check_finding(const char *text, int line, const char *what, const char *hint)
{
    struct gates gates;
    struct findings findings = {0};

    read_text(text, &gates, &findings);
    for (size_t i = 0; i < findings.count && findings.count != 1; i++)
        print_message("%d: %s | %s\n", findings.items[i].line, findings.items[i].what,
                      findings.items[i].hint);
    assert_int_equal(findings.count, 1);
    if (strstr(findings.items[0].what, what) == NULL ||
        strstr(findings.items[0].hint, hint) == NULL)
        fail_msg("found '%s' (%s), expected '%s' (%s)", findings.items[0].what,
                 findings.items[0].hint, what, hint);
    assert_int_equal(findings.items[0].line, line);
    gates_free(&gates);
    findings_free(&findings);
}

static void a_gate_is_read(void **state)
{
    struct gates gates;
    struct findings findings = {0};

    (void)state;
    read_text(HEAD "<gate figure=\"time-to-recover\" fault=\"cpu\" target=\"sprout\" "
                   "groups=\"together\"\n absolute=\"1500ms\" relative=\"250%\" "
                   "significance=\"5%\" experiments=\"3\"/>\n"
                   "<gate figure=\"availability\" absolute=\"0.5%\"/>\n</gates>",
              &gates, &findings);
    assert_int_equal(findings.count, 0);
    assert_int_equal(gates.count, 2);
    assert_int_equal(gates.items[0].figure, FIGURE_TIME_TO_RECOVER);
    assert_string_equal(gates.items[0].fault_type, "cpu");
    assert_null(gates.items[0].intensity);
    assert_string_equal(gates.items[0].target, "sprout");
    assert_true(gates.items[0].together && gates.items[0].higher_is_worse);
    assert_true(fabs(gates.items[0].absolute - 1.5) < 1e-12);
    assert_true(fabs(gates.items[0].relative - 2.5) < 1e-12);
    assert_true(fabs(gates.items[0].significance - 0.05) < 1e-12);
    assert_int_equal(gates.items[0].experiments, 3);
    assert_int_equal(gates.items[0].line, 2);
    assert_true(!gates.items[1].together && !gates.items[1].higher_is_worse);
    assert_true(isnan(gates.items[1].relative) && isnan(gates.items[1].significance));
    assert_true(fabs(gates.items[1].absolute - 0.005) < 1e-12);
    assert_int_equal(gates.items[1].experiments, 1);
    gates_free(&gates);
    findings_free(&findings);
}

static void the_example_is_good(void **state)
{
    struct gates gates;
    struct findings findings = {0};

    (void)state;
    gates_file_read("campaigns/gates.xml", &gates, &findings);
    assert_int_equal(findings.count, 0);
    assert_true(gates.count > 3);
    gates_free(&gates);
    findings_free(&findings);
}

static void names_and_quantities_are_checked(void **state)
{
    (void)state;
    check_finding(HEAD "\n<gate figure=\"failed-cals\" absolute=\"1%\"/></gates>", 3,
                  "unknown figure \"failed-cals\"", "did you mean \"failed-calls\"?");
    check_finding(HEAD "<gate figure=\"failed-calls\"\n absolute=\"10ms\"/></gates>", 3, "10ms",
                  "5%");
    check_finding(HEAD "<gate figure=\"response-time\" absolute=\"10%\"/></gates>", 2, "10%", "");
    check_finding(HEAD "<gate figure=\"response-time\" relative=\"10\"/></gates>", 2, "\"10\"", "");
    check_finding(HEAD "<gate figure=\"response-time\" worse=\"up\" relative=\"10%\"/></gates>", 2,
                  "up", "higher");
    check_finding(HEAD "<gate figure=\"failed-calls\" significance=\"0%\"/></gates>", 2,
                  "no difference is significant", "5% is usual");
    check_finding(HEAD "<gate figure=\"failed-calls\" absolute=\"1%\" experiments=\"0\"/></gates>",
                  2, "without experiments", "1 is the least");
}

static void gates_that_judge_nothing_are_refused(void **state)
{
    (void)state;
    check_finding(HEAD "<gate figure=\"failed-calls\"/></gates>", 2,
                  "doesn't say from where on a difference is a regression", "\"absolute\"");
    check_finding(HEAD "<gate figure=\"roc-auc\" significance=\"5%\"/></gates>", 2,
                  "there is no test of roc-auc", "alone");
    check_finding(HEAD "<gate figure=\"pr-auc\" intensity=\"high\" absolute=\"1%\"/></gates>", 2,
                  "a detector has no pr-auc of an intensity", "");
    check_finding(HEAD "<gate figure=\"roc-auc\" groups=\"together\" absolute=\"1%\"/></gates>", 2,
                  "one by one", "");
    check_finding(HEAD "<gate figure=\"failed-calls\" fault=\"nominal\" target=\"sprout\" "
                       "absolute=\"1%\"/></gates>",
                  2, "nominal experiments have no intensity and no target", "");
}

static void the_files_form_is_checked(void **state)
{
    (void)state;
    check_finding("<gates>\n<gate figure=\"failed-calls\" absolute=\"1%\"/></gates>", 1,
                  "in no namespace", "urn:vnfault:gates:1");
    check_finding(HEAD "<gate figur=\"failed-calls\" figure=\"failed-calls\" "
                       "absolute=\"1%\"/></gates>",
                  2, "figur", "did you mean \"figure\"?");
    check_finding(HEAD "<gate figure=\"failed-calls\" absolute=\"1%\"/>\n<gat/></gates>", 3, "gat",
                  "did you mean");
    check_finding(HEAD "</gates>", 1, "gate", "");
    check_finding(HEAD "<gate figure=\"failed-calls\" absolute=\"1%\"></gates>", 2, "", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_is_read),
        cmocka_unit_test(the_example_is_good),
        cmocka_unit_test(names_and_quantities_are_checked),
        cmocka_unit_test(gates_that_judge_nothing_are_refused),
        cmocka_unit_test(the_files_form_is_checked),
    };

    setenv("VNFAULT_DATA", ".", 1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
