/* vnfault observe: what a testbed's sources say, recorded without a campaign. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report_json.h"
#include "base/clock.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "cli/findings.h"
#include "cli/import.h"
#include "cli/interrupt.h"
#include "cli/progress_line.h"
#include "cli/time_option.h"
#include "cli/verb.h"
#include "runner/campaign.h"
#include "runner/observe.h"

static const char *folder;
static const char *targets;
static const char *period = "5s";
static const char *duration;
static const char *past_from;
static const char *past_until;
static bool as_json;

static const struct option_row options[] = {
    {"-o", "RUN", "folder of the run to make", OPTION_TEXT, &folder, 0, 0},
    {"--targets", "NAME[,...]", "observe these (default: all that have a source)", OPTION_TEXT,
     &targets, 0, 0},
    {"--period", "TIME", "between two observations (default: 5s)", OPTION_TEXT, &period, 0, 0},
    {"--duration", "TIME", "end after it (default: on Ctrl-C)", OPTION_TEXT, &duration, 0, 0},
    {"--from", "INSTANT", "what was kept since then: 8h (ago), or ISO 8601", OPTION_TEXT,
     &past_from, 0, 0},
    {"--until", "INSTANT", "and until then (default: now)", OPTION_TEXT, &past_until, 0, 0},
    {"--json", NULL, "print one JSON object", OPTION_FLAG, &as_json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

/* An instant, or how long it is ago. */
static int read_instant(const char *option, const char *text, int64_t *instant, struct error *error)
{
    struct error ignored = {0};
    double ago;

    if (quantity_read(QUANTITY_DURATION, text, &ago, &ignored) == 0)
        *instant = clock_now() - (int64_t)ago;
    else if (!import_instant(text, "s", instant)) {
        error_set(error, ERROR_INPUT, "'%s' is no instant", text);
        error_hint(error, "write it so: 2026-11-26T22:00:00Z, or 8h for eight hours ago");
        return error_where(error, "%s", option);
    }
    return 0;
}

/* The interval of the past, if one was asked for. */
static int read_past(struct observe_setting *setting, struct error *error)
{
    int64_t now = clock_now();

    if (past_from == NULL && past_until == NULL)
        return 0;
    if (past_from == NULL || duration != NULL)
        return error_set(error, ERROR_INPUT, "%s",
                         duration != NULL ? "--duration is for what comes: say --until"
                                          : "--until needs --from");
    setting->past_until = now;
    if (read_instant("--from", past_from, &setting->past_from, error) < 0 ||
        (past_until != NULL &&
         read_instant("--until", past_until, &setting->past_until, error) < 0))
        return -1;
    if (setting->past_from <= 0 || setting->past_from >= setting->past_until ||
        setting->past_until > now)
        return error_set(error, ERROR_INPUT, "from '%s' until '%s' is no time in the past",
                         past_from, past_until != NULL ? past_until : "now");
    return 0;
}

static void show(const struct observe_progress *progress)
{
    char elapsed[24];
    char left[24];

    clock_format_duration(progress->elapsed, elapsed, sizeof elapsed);
    clock_format_duration(progress->left, left, sizeof left);
    progress_line_show("observing for %s%s%s%s", elapsed, progress->left >= 0 ? ", " : "",
                       progress->left >= 0 ? left : "",
                       progress->left >= 0 ? " left" : " (Ctrl-C ends it)");
}

static void print(const struct observe_outcome *outcome)
{
    json_t *object;

    if (!as_json) {
        printf("%zu targets, %zu sources, %zu metrics: %zu observations", outcome->targets,
               outcome->sources, outcome->metrics, outcome->observations);
        if (outcome->lost > 0)
            printf(", %zu missing", outcome->lost);
        printf("\nrun: %s\n", folder);
        return;
    }
    object = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "targets",
                       (json_int_t)outcome->targets, "sources", (json_int_t)outcome->sources,
                       "metrics", (json_int_t)outcome->metrics, "experiments",
                       (json_int_t)outcome->experiments, "invalid", (json_int_t)outcome->invalid,
                       "observations", (json_int_t)outcome->observations, "missing",
                       (json_int_t)outcome->lost, "run", report_json_string(folder));
    json_dumpf(object, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(object);
}

static int observe_testbed(const struct testbed *testbed, struct error *error)
{
    struct observe_setting setting = {
        .testbed = testbed,
        .folder = folder,
        .version = VNFAULT_VERSION,
        .stop = interrupt_stop(),
        .progress = show,
    };
    char *text = memory_string(targets != NULL ? targets : "");
    const char **names = memory_new(strlen(text) + 1, sizeof *names);
    struct observe_outcome outcome;
    char *rest = NULL;
    int result = -1;

    for (char *name = strtok_r(text, ",", &rest); name != NULL; name = strtok_r(NULL, ",", &rest))
        names[setting.target_count++] = name;
    setting.targets = names;
    if (time_option_read("--period", period, "to go by", &setting.period, error) == 0 &&
        time_option_read("--duration", duration, "to go by", &setting.duration, error) == 0 &&
        read_past(&setting, error) == 0)
        result = observe(&setting, &outcome, error);
    progress_line_end();
    free(names);
    free(text);
    if (result < 0)
        return -1;
    print(&outcome);
    /* Ctrl-C is how one ends that nobody gave a duration. */
    if (duration != NULL && stop_reason(interrupt_stop()) != 0)
        return interrupt_error(error);
    if (outcome.invalid == 0)
        return 0;
    return error_set(error, ERROR_INCONCLUSIVE, "%zu of %zu experiments lack too many observations",
                     outcome.invalid, outcome.experiments);
}

static int observe_verb(const char *const operands[], size_t count, struct error *error)
{
    struct findings findings = {0};
    struct testbed *testbed;
    int result;

    (void)count;
    if (folder == NULL)
        return error_set(error, ERROR_INPUT, "observe needs -o, the folder of the run to make");
    testbed = testbed_read(operands[0], &findings);
    if (testbed == NULL) {
        findings_print(&findings, stderr);
        result = findings_error(&findings, operands[0], error);
    } else {
        result = observe_testbed(testbed, error);
        testbed_free(testbed);
    }
    findings_free(&findings);
    return result;
}

const struct verb verb_observe = {
    .name = "observe",
    .summary = "record what a testbed's sources say, without a campaign",
    .operands = "TESTBED",
    .description =
        "Reads every source each period into a run database: what is normal, to train a\n"
        "detector on, or what happens meanwhile. Nothing is injected and no load driven.\n"
        "Each hour is an experiment of its own. With --from it records what sources kept\n"
        "that are monitoring systems themselves. 0: done; 2: too much is missing; 4: a\n"
        "source can't be read at the start; 130: Ctrl-C before the duration was over.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = observe_verb,
};
