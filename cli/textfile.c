#include "cli/textfile.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/report_text.h"
#include "analysis/run_summary.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/verb.h"

enum { LONGEST_VALUE = 200 };

#define PREFIX "vnfault_last_run_"

/* ,name="value", made valid UTF-8 on one line; '\\' and '"' are escaped. */
static void append_label(struct text *page, const char *name, const char *value)
{
    struct text line = {0};

    append_line(&line, value, LONGEST_VALUE);
    text_appendf(page, "%s=\"", name);
    for (const char *at = text_string(&line); *at != '\0'; at++) {
        if (*at == '\\' || *at == '"')
            text_append(page, "\\");
        text_append_bytes(page, at, 1);
    }
    text_append(page, "\"");
    text_free(&line);
}

static void begin_family(struct text *page, const char *name, const char *help)
{
    text_appendf(page, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s gauge\n", name, help, name);
}

/* One sample with the campaign's label, and another one if `label` is not NULL. */
static void append_sample(struct text *page, const char *name, const char *campaign,
                          const char *label, const char *value_of_label, double value)
{
    text_appendf(page, PREFIX "%s{", name);
    append_label(page, "campaign", campaign);
    if (label != NULL) {
        text_append(page, ",");
        append_label(page, label, value_of_label);
    }
    text_append(page, "} ");
    append_exact(page, value);
    text_append(page, "\n");
}

static void append_alone(struct text *page, const char *name, const char *help,
                         const char *campaign, double value)
{
    begin_family(page, name, help);
    append_sample(page, name, campaign, NULL, NULL, value);
}

static void append_info(struct text *page, const char *campaign, const struct stored_run *run,
                        const char *folder)
{
    begin_family(page, "info", "The run that the other figures are of; always 1.");
    text_append(page, PREFIX "info{");
    append_label(page, "campaign", campaign);
    text_append(page, ",");
    append_label(page, "folder", folder);
    text_append(page, ",");
    append_label(page, "testbed", run->testbed_path);
    text_append(page, ",");
    append_label(page, "time_scale", run->time_scale);
    text_append(page, ",");
    append_label(page, "version", run->version);
    text_append(page, "} 1\n");
}

static void append_verdicts(struct text *page, const char *campaign,
                            const struct run_summary *summary)
{
    begin_family(page, "verdict", "1 for what became of the run, 0 for what did not.");
    for (int i = 0; i < RUN_VERDICTS; i++)
        append_sample(page, "verdict", campaign, "verdict", run_verdict_names[i],
                      summary->verdict == (enum run_verdict)i);
    begin_family(page, "experiments", "Experiments of the run by verdict.");
    for (int i = 0; i < REPORT_VERDICTS; i++)
        append_sample(page, "experiments", campaign, "verdict", report_verdict_names[i],
                      (double)summary->experiments[i]);
}

static void append_calls(struct text *page, const char *campaign, const struct run_summary *summary)
{
    const struct {
        const char *phase;
        const struct summary_calls *calls;
    } phases[] = {{"nominal", &summary->nominal}, {"fault", &summary->fault}};
    enum { COUNT = sizeof phases / sizeof phases[0] };

    begin_family(page, "ended_calls", "Calls that ended, of valid experiments, by phase.");
    for (size_t i = 0; i < COUNT; i++)
        append_sample(page, "ended_calls", campaign, "phase", phases[i].phase,
                      (double)phases[i].calls->ended);
    begin_family(page, "failed_calls", "Calls that failed, of valid experiments, by phase.");
    for (size_t i = 0; i < COUNT; i++)
        append_sample(page, "failed_calls", campaign, "phase", phases[i].phase,
                      (double)phases[i].calls->failed);
    begin_family(page, "failed_calls_ratio", "Failed calls of those that ended, by phase.");
    for (size_t i = 0; i < COUNT; i++)
        append_sample(page, "failed_calls_ratio", campaign, "phase", phases[i].phase,
                      summary_failed_share(phases[i].calls));
    append_alone(page, "availability_ratio",
                 "Share of the time in which the service was up, valid experiments with faults.",
                 campaign, summary->availability);
}

static void append_run(struct text *page, const struct textfile *textfile,
                       const struct report_run *run, const struct run_summary *summary)
{
    double second = (double)CLOCK_SECOND;

    append_info(page, textfile->campaign, &run->run, store_folder(textfile->store));
    append_verdicts(page, textfile->campaign, summary);
    append_alone(page, "start_timestamp_seconds", "When the run began, since 1970.",
                 textfile->campaign, (double)run->run.started_ns / second);
    if (run->run.ended_ns > 0) {
        append_alone(page, "end_timestamp_seconds", "When the run ended, since 1970.",
                     textfile->campaign, (double)run->run.ended_ns / second);
        append_alone(page, "duration_seconds", "From the run's start to its end.",
                     textfile->campaign, (double)summary->duration_ns / second);
    }
    append_calls(page, textfile->campaign, summary);
}

int textfile_write(const char *path, const struct textfile *textfile, struct error *error)
{
    struct report_run run = {0};
    struct text page = {0};
    int result = 0;

    if (textfile->exit_status >= 0)
        append_alone(&page, "exit_status", "Exit status of vnfault run; 0 is good.",
                     textfile->campaign, textfile->exit_status);
    if (textfile->store != NULL) {
        struct run_summary summary;

        result = report_run_read(textfile->store, &run, error);
        if (result == 0)
            result = run_summary_make(textfile->store, &run, &summary, error);
        if (result == 0)
            append_run(&page, textfile, &run, &summary);
        report_run_free(&run);
    }
    if (result == 0)
        result = file_write(path, text_string(&page), page.length, error);
    text_free(&page);
    return result;
}

int textfile_check(const char *path, struct error *error)
{
    static const char ending[] = ".prom";
    size_t length = strlen(path);
    char *folder;
    int result = 0;

    if (length < sizeof ending || strcmp(path + length - (sizeof ending - 1), ending) != 0)
        return error_set(error, ERROR_INPUT,
                         "--textfile takes a name that ends in .prom, not '%s': the collector "
                         "reads no other",
                         path);
    folder = path_beside(path, ".");
    if (access(folder, W_OK | X_OK) < 0)
        result = error_system(error, ERROR_INPUT, "can't write %s", path);
    free(folder);
    return result;
}
