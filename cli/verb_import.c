/* vnfault import: a run made of labelled observations in a CSV file. */
#include <jansson.h>
#include <stdio.h>

#include "analysis/report_json.h"
#include "cli/import.h"
#include "cli/interrupt.h"
#include "cli/verb.h"

static struct import_setting setting = {.time_unit = "s", .normal = "normal"};
static const char *folder;
static bool as_json;

static const struct option_row options[] = {
    {"--csv", "FILE", "the file; its first row names the columns", OPTION_TEXT, &setting.path, 0,
     0},
    {"--time", "COLUMN", "when an observation was made", OPTION_TEXT, &setting.time, 0, 0},
    {"--time-unit", "UNIT", "of numbers there: s, ms, us, ns (default: s)", OPTION_TEXT,
     &setting.time_unit, 0, 0},
    {"--label", "COLUMN", "the fault under way, by name", OPTION_TEXT, &setting.label, 0, 0},
    {"--normal", "LABEL", "the label of none (default: normal)", OPTION_TEXT, &setting.normal, 0,
     0},
    {"--target", "COLUMN", "whose metrics they are (default: one target)", OPTION_TEXT,
     &setting.target, 0, 0},
    {"--experiment", "COLUMN", "of which experiment (default: one)", OPTION_TEXT,
     &setting.experiment, 0, 0},
    {"--counters", "PATTERNS", "metrics that count up: 'net*,cpu.time'", OPTION_TEXT,
     &setting.counters, 0, 0},
    {"--ignore", "PATTERNS", "columns to leave out", OPTION_TEXT, &setting.ignored, 0, 0},
    {"-o", "RUN", "folder of the run to make", OPTION_TEXT, &folder, 0, 0},
    {"--json", NULL, "print one JSON object", OPTION_FLAG, &as_json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

static int check(struct error *error)
{
    const struct {
        const char *option;
        const char *value;
    } needed[] = {{"--csv", setting.path},
                  {"--time", setting.time},
                  {"--label", setting.label},
                  {"-o", folder}};
    int64_t instant;

    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (needed[i].value == NULL)
            return error_set(error, ERROR_INPUT, "import needs %s", needed[i].option);
    }
    if (import_instant("0", setting.time_unit, &instant))
        return 0;
    error_set(error, ERROR_INPUT, "--time-unit: unknown unit '%s'", setting.time_unit);
    return error_hint(error, "s, ms, us or ns");
}

static void print(const struct import_outcome *outcome)
{
    json_t *object;

    if (!as_json) {
        printf("%zu observations of %zu metrics, %zu experiments, %zu injections; %zu values are "
               "missing, %zu observations left out\nrun: %s\nnext: vnfault evaluate %s\n",
               outcome->observations, outcome->metrics, outcome->experiments, outcome->injections,
               outcome->missing, outcome->left_out, folder, folder);
        return;
    }
    object =
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "observations",
                  (json_int_t)outcome->observations, "metrics", (json_int_t)outcome->metrics,
                  "experiments", (json_int_t)outcome->experiments, "injections",
                  (json_int_t)outcome->injections, "missing_values", (json_int_t)outcome->missing,
                  "left_out", (json_int_t)outcome->left_out, "run", report_json_string(folder));
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static int import(const char *const operands[], size_t count, struct error *error)
{
    struct import_outcome outcome;

    (void)operands;
    (void)count;
    if (check(error) < 0)
        return -1;
    setting.stop = interrupt_stop();
    if (import_run(&setting, folder, &outcome, error) < 0)
        return error->kind == ERROR_INTERRUPTED ? interrupt_error(error) : -1;
    print(&outcome);
    return 0;
}

const struct verb verb_import = {
    .name = "import",
    .summary = "make a run of labelled observations in a CSV file",
    .operands = "",
    .description =
        "Makes a run of a CSV file of labelled observations that vnfault did not record.\n"
        "Detectors can be trained and evaluated on it like on a run of vnfault's own.\n"
        "Columns that no option names are metrics. Labels 'ramp', 'cool-down',\n"
        "'elsewhere' and 'invalid' are left out. See docs/import.md.\n",
    .options = options,
    .least_operands = 0,
    .most_operands = 0,
    .run = import,
};
