#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "cli/interrupt.h"
#include "cli/verb.h"
#include "cli/watch.h"
#include "cli/watch_live.h"
#include "cli/watch_replay.h"

static const char *models;
static const char *replayed_run;
static const char *period;
static const char *duration;
static double threshold = 0.5;
static bool every;
static bool json;

static const struct option_row options[] = {
    {"--model", "MODEL[,...]", "files that 'vnfault train' wrote", OPTION_TEXT, &models, 0, 0},
    {"--threshold", "X", "a score from here on is an alarm (default: 0.5)", OPTION_NUMBER,
     &threshold, 0, 1},
    {"--period", "TIME", "between two observations (default: as in training)", OPTION_TEXT, &period,
     0, 0},
    {"--duration", "TIME", "end after it (default: on Ctrl-C)", OPTION_TEXT, &duration, 0, 0},
    {"--replay", "RUN", "score a run in place of a testbed", OPTION_TEXT, &replayed_run, 0, 0},
    {"--every", NULL, "print every observation, not only changes", OPTION_FLAG, &every, 0, 0},
    {"--json", NULL, "print a JSON line for each of them", OPTION_FLAG, &json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

/* In ns; 0 if it was not said. */
static int read_duration(const char *text, int64_t *value, struct error *error)
{
    double nanoseconds = 0;

    if (text != NULL && quantity_read(QUANTITY_DURATION, text, &nanoseconds, error) < 0)
        return -1;
    *value = (int64_t)nanoseconds;
    if (text != NULL && *value < 1)
        return error_set(error, ERROR_INPUT, "'%s' is no time to go by", text);
    return 0;
}

static int watch_what(struct watch *watch, const char *testbed, struct error *error)
{
    int64_t period_ns;
    int64_t duration_ns;

    if (read_duration(period, &period_ns, error) < 0 ||
        read_duration(duration, &duration_ns, error) < 0)
        return -1;
    if (replayed_run != NULL)
        return watch_replay(watch, replayed_run, interrupt_stop(), error);
    return watch_live(watch, testbed, period_ns, duration_ns, interrupt_stop(), error);
}

static int detect(const char *const operands[], size_t count, struct error *error)
{
    struct watch watch = {.threshold = threshold, .every = every, .json = json};
    int result;

    if (models == NULL)
        return error_set(error, ERROR_INPUT, "detect needs --model");
    if ((count == 1) == (replayed_run != NULL))
        return error_set(error, ERROR_INPUT, "detect needs a testbed, or --replay");
    result = watch_open(models, &watch, error);
    if (result == 0)
        result = watch_what(&watch, count == 1 ? operands[0] : NULL, error);
    if (result == 0 && stop_reason(interrupt_stop()) == 0)
        result = watch_finish(&watch, error);
    else if (result == 0)
        result = watch_finish(&watch, error) < 0 && error->kind == ERROR_THRESHOLD
                     ? -1
                     : interrupt_error(error);
    watch_close(&watch);
    return result;
}

const struct verb verb_detect = {
    .name = "detect",
    .summary = "watch a running testbed with saved detectors",
    .operands = "TESTBED | --replay RUN",
    .description = "Reads the models' targets each period, scores what it sees, and says when an\n"
                   "alarm begins and ends. 0: no alarm; 1: there was one; 2: nothing could be\n"
                   "scored; 4: a target's source can't be read at the start.\n",
    .options = options,
    .least_operands = 0,
    .most_operands = 1,
    .run = detect,
};
