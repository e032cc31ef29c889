/* vnfault compare: two runs side by side. */
#include <stdio.h>

#include "analysis/comparison.h"
#include "analysis/gates.h"
#include "base/quantity.h"
#include "cli/comparison_json.h"
#include "cli/comparison_page.h"
#include "cli/comparison_table.h"
#include "cli/findings.h"
#include "cli/gates_file.h"
#include "cli/gates_output.h"
#include "cli/verb.h"
#include "store/store.h"

static const char *gates_path;
static const char *junit_path;
static const char *page_path;
static const char *maximum_failures;
static int64_t seed = 1;
static bool all_rows;
static bool as_json;

static const struct option_row options[] = {
    {"--gates", "FILE", "what is a regression: exit 1 if there is one", OPTION_TEXT, &gates_path, 0,
     0},
    {"--junit", "FILE", "write the verdicts of the gates as JUnit XML", OPTION_TEXT, &junit_path, 0,
     0},
    {"--html", "FILE", "write all of it as one HTML page", OPTION_TEXT, &page_path, 0, 0},
    {"--all", NULL, "every row, not only those furthest apart", OPTION_FLAG, &all_rows, 0, 0},
    {"--maximum-failures", "SHARE", "of a second that is up (default: as agreed, or 5%)",
     OPTION_TEXT, &maximum_failures, 0, 0},
    {"--seed", "S", "of tests that draw arrangements (default: 1)", OPTION_COUNT, &seed, 0, 0x1p53},
    {"--json", NULL, "all of it as JSON in place of the table", OPTION_FLAG, &as_json, 0, 0},
    {0},
};

static int print(const struct comparison *comparison, const struct gate_verdicts *verdicts,
                 struct error *error)
{
    if (as_json)
        return comparison_json_print(comparison, verdicts, stdout, error);
    comparison_table_print(comparison, all_rows, stdout);
    if (verdicts != NULL)
        gates_print(verdicts, stdout);
    return 0;
}

/* `gates` is NULL if none were asked for. */
static int show(const struct comparison *comparison, const struct gates *gates, struct error *error)
{
    struct gate_verdicts verdicts = {0};
    const struct gate_verdicts *asked = gates != NULL ? &verdicts : NULL;
    int result;

    if (gates != NULL)
        gates_judge(gates, comparison, &verdicts);
    result = print(comparison, asked, error);
    if (result == 0 && page_path != NULL)
        result = comparison_page_write(comparison, asked, page_path, error);
    if (result == 0 && junit_path != NULL)
        result = gates_write_junit(&verdicts, comparison, junit_path, error);
    if (result == 0 && comparison->row_count == 0)
        result = error_set(error, ERROR_INCONCLUSIVE,
                           "the runs have no figure in common: none has a valid experiment of "
                           "what the other has");
    if (result == 0)
        result = gates_check(&verdicts, error);
    gate_verdicts_free(&verdicts);
    return result;
}

static int compare_stores(struct store *base, struct store *new, const struct gates *gates,
                          struct error *error)
{
    struct comparison_setting setting = {.maximum_failure_share = -1, .seed = (uint64_t)seed};
    struct comparison comparison;
    int result;

    if (maximum_failures != NULL &&
        quantity_read(QUANTITY_SHARE, maximum_failures, &setting.maximum_failure_share, error) < 0)
        return error_where(error, "--maximum-failures");
    result = comparison_make(base, new, &setting, &comparison, error);
    if (result == 0)
        result = show(&comparison, gates, error);
    comparison_free(&comparison);
    return result;
}

static int compare_folders(const char *const folders[], const struct gates *gates,
                           struct error *error)
{
    struct store *base = NULL;
    struct store *new = NULL;
    struct error ignored = {0};
    int result = -1;

    if (store_open(folders[0], STORE_READ, &base, error) == 0 &&
        store_open(folders[1], STORE_READ, &new, error) == 0)
        result = compare_stores(base, new, gates, error);
    store_close(base, &ignored);
    store_close(new, &ignored);
    return result;
}

static int run_compare(const char *const operands[], size_t count, struct error *error)
{
    struct findings findings = {0};
    struct gates gates = {0};
    int result;

    (void)count;
    if (junit_path != NULL && gates_path == NULL)
        return error_set(error, ERROR_INPUT, "--junit writes what gates say: give --gates FILE");
    if (gates_path != NULL)
        gates_file_read(gates_path, &gates, &findings);
    findings_print(&findings, stderr);
    if (findings.count > 0)
        result = findings_error(&findings, gates_path, error);
    else
        result = compare_folders(operands, gates_path != NULL ? &gates : NULL, error);
    gates_free(&gates);
    findings_free(&findings);
    return result;
}

const struct verb verb_compare = {
    .name = "compare",
    .summary = "put the figures of two runs side by side",
    .operands = "BASE NEW",
    .description =
        "Says what differs between how two runs were made, then puts their figures side\n"
        "by side, by fault type, intensity and target, over valid experiments: failed\n"
        "calls, response time, availability, time to recover, and where both have an\n"
        "evaluation.json time to detect and the areas of the detectors. With intervals,\n"
        "and permutation tests corrected for their number.\n\n"
        "Exit status: 0; 1 if a gate finds a regression; 2 if a gate can't be judged or\n"
        "there is nothing to compare; 64 if BASE or NEW is no run or a file has errors.\n",
    .options = options,
    .least_operands = 2,
    .most_operands = 2,
    .run = run_compare,
};
