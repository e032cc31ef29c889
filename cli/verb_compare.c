/* vnfault compare: two runs side by side. */
#include <stdio.h>

#include "analysis/comparison.h"
#include "base/quantity.h"
#include "cli/comparison_json.h"
#include "cli/comparison_table.h"
#include "cli/verb.h"
#include "store/store.h"

static const char *maximum_failures;
static int64_t seed = 1;
static bool all_rows;
static bool as_json;

static const struct option_row options[] = {
    {"--all", NULL, "every row, not only those furthest apart", OPTION_FLAG, &all_rows, 0, 0},
    {"--maximum-failures", "SHARE", "of a second that is up (default: service level, or 5%)",
     OPTION_TEXT, &maximum_failures, 0, 0},
    {"--seed", "S", "of tests that draw arrangements (default: 1)", OPTION_COUNT, &seed, 0, 0x1p53},
    {"--json", NULL, "all of it as JSON in place of the table", OPTION_FLAG, &as_json, 0, 0},
    {0},
};

static int print(const struct comparison *comparison, struct error *error)
{
    if (as_json)
        return comparison_json_print(comparison, stdout, error);
    comparison_table_print(comparison, all_rows, stdout);
    return 0;
}

static int compare_stores(struct store *base, struct store *new, struct error *error)
{
    struct comparison_setting setting = {.maximum_failure_share = -1, .seed = (uint64_t)seed};
    struct comparison comparison;
    int result;

    if (maximum_failures != NULL &&
        quantity_read(QUANTITY_SHARE, maximum_failures, &setting.maximum_failure_share, error) < 0)
        return error_where(error, "--maximum-failures");
    result = comparison_make(base, new, &setting, &comparison, error);
    if (result == 0)
        result = print(&comparison, error);
    if (result == 0 && comparison.row_count == 0)
        result = error_set(error, ERROR_INCONCLUSIVE,
                           "the runs have no figure in common: none has a valid experiment of "
                           "what the other has");
    comparison_free(&comparison);
    return result;
}

static int run_compare(const char *const operands[], size_t count, struct error *error)
{
    struct store *base = NULL;
    struct store *new = NULL;
    struct error ignored = {0};
    int result = -1;

    (void)count;
    if (store_open(operands[0], STORE_READ, &base, error) == 0 &&
        store_open(operands[1], STORE_READ, &new, error) == 0)
        result = compare_stores(base, new, error);
    store_close(base, &ignored);
    store_close(new, &ignored);
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
        "Exit status: 0; 2 if there is nothing to compare; 64 if BASE or NEW is no run.\n",
    .options = options,
    .least_operands = 2,
    .most_operands = 2,
    .run = run_compare,
};
