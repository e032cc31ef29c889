#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/evaluation_split.h"
#include "analysis/figure_detector.h"
#include "analysis/report_page.h"
#include "analysis/report_text.h"
#include "base/clock.h"

static void write_verdict(struct report *report)
{
    struct text *page = &report->page;
    size_t all = report->run->experiment_count;
    size_t valid = report_count(report->run, REPORT_VALID);

    if (all == 0) {
        text_append(page, "<p class=\"verdict bad\">This run holds no experiment.</p>\n");
        return;
    }
    text_appendf(page, "<p class=\"verdict%s\">", valid == all ? "" : valid > 0 ? " warn" : " bad");
    if (valid == all && all == 1)
        text_append(page, "The experiment of this run is valid.");
    else if (valid == all)
        text_appendf(page, "All %zu experiments are valid.", all);
    else if (valid == 0 && all == 1)
        text_append(page, "The experiment of this run is not valid: its figures say nothing about "
                          "the fault.");
    else if (valid == 0)
        text_appendf(page,
                     "None of the %zu experiments is valid: their figures say nothing "
                     "about the faults.",
                     all);
    else
        text_appendf(page,
                     "%zu of %zu experiments %s valid; the others are shown with their "
                     "reason and are left out of training and scores.",
                     valid, all, valid == 1 ? "is" : "are");
    if (strcmp(report->run->run.state, "complete") != 0) {
        text_append(page, " The run is not complete (");
        append_html(page, report->run->run.state);
        text_append(page, ").");
    }
    text_append(page, "</p>\n");
}

static void write_scale(struct report *report)
{
    if (report_is_scaled(report)) {
        text_append(&report->page, "<p class=\"note\"><strong>Time scale ");
        append_html(&report->page, report->run->run.time_scale);
        text_append(&report->page,
                    ":</strong> every duration and period of the campaign was multiplied by it, "
                    "the quantities of the faults were not. The figures are those of a rehearsal "
                    "and not of the campaign at full length.</p>\n");
    }
    if (!report->run->run.faults)
        text_append(&report->page,
                    "<p class=\"note\"><strong>Run without faults:</strong> no injection was "
                    "carried out; every experiment is nominal.</p>\n");
}

static void write_tile(struct report *report, const char *figure, const char *caption)
{
    text_append(&report->page, "<div class=\"tile\">");
    page_element(report, "b", figure);
    page_element(report, "span", caption);
    text_append(&report->page, "</div>\n");
}

static void write_count_tiles(struct report *report)
{
    static const char *const captions[REPORT_VERDICTS] = {
        "experiments valid", "experiments invalid", "experiments torn", "experiments unfinished"};

    for (int verdict = 0; verdict < REPORT_VERDICTS; verdict++) {
        size_t count = report_count(report->run, (enum report_verdict)verdict);
        char figure[32];

        snprintf(figure, sizeof figure, "%zu", count);
        if (count > 0 || verdict <= REPORT_INVALID)
            write_tile(report, figure, captions[verdict]);
    }
}

/* The binary ROC AUC of each target, by the two splits that every run has. */
static void write_detector_tiles(struct report *report)
{
    const struct evaluation *evaluation = report->source->evaluation;

    for (size_t i = 0; evaluation != NULL && i < evaluation->target_count; i++) {
        const struct target_result *target = &evaluation->targets[i];

        for (size_t j = 0; j < target->split_count && j < 2; j++) {
            const struct split_result *split = &target->splits[j];
            char figure[32];
            struct text caption = {0};

            if (split->class_count == 0 || !isfinite(split->classes[0].roc_auc.mean))
                continue;
            snprintf(figure, sizeof figure, "%.3f", split->classes[0].roc_auc.mean);
            text_append(&caption, "binary ROC AUC, ");
            append_line(&caption, target->target, 40);
            text_append(&caption, ", ");
            append_split_name(&caption, split);
            write_tile(report, figure, text_string(&caption));
            text_free(&caption);
        }
    }
}

static void write_row(struct report *report, const char *name, const char *value)
{
    text_append(&report->page, "<tr>");
    page_element(report, "td class=\"muted\"", name);
    page_element(report, "td", value);
    text_append(&report->page, "</tr>\n");
}

static void write_run_table(struct report *report)
{
    const struct stored_run *run = &report->run->run;
    char buffer[64];

    text_append(&report->page, "<div><h3>The run</h3>\n<table class=\"facts\"><tbody>\n");
    write_row(report, "campaign file", run->campaign_path);
    write_row(report, "testbed file", run->testbed_path);
    clock_format(run->started_ns, buffer, sizeof buffer);
    write_row(report, "started", buffer);
    if (run->ended_ns > 0) {
        clock_format(run->ended_ns, buffer, sizeof buffer);
        write_row(report, "ended", buffer);
        clock_format_duration(run->ended_ns - run->started_ns, buffer, sizeof buffer);
        write_row(report, "took", buffer);
    }
    write_row(report, "time scale", run->time_scale);
    snprintf(buffer, sizeof buffer, "%.3g s", (double)run->monitoring_period_ns / 1e9);
    write_row(report, "monitoring period", buffer);
    snprintf(buffer, sizeof buffer, "%.3g s", (double)run->cool_down_ns / 1e9);
    write_row(report, "cool-down", buffer);
    write_row(report, "vnfault", run->version);
    text_append(&report->page, "</tbody></table></div>\n");
}

static void write_targets(struct report *report)
{
    text_append(&report->page,
                "<div><h3>Testbed</h3>\n<div class=\"scroll\"><table><thead><tr>"
                "<th>Target</th><th>Role</th><th>Address</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < report->run->target_count; i++) {
        const struct stored_target *target = &report->run->targets[i];

        text_append(&report->page, "<tr>");
        page_element(report, "td class=\"name\"", target->name);
        page_element(report, "td", target->role);
        page_element(report, "td", target->address);
        text_append(&report->page, "</tr>\n");
    }
    text_append(&report->page, "</tbody></table></div></div>\n");
}

static void write_facts(struct report *report)
{
    if (report->run->fact_count == 0)
        return;
    text_append(&report->page, "<details><summary>Versions and facts of the hosts</summary>\n"
                               "<div class=\"scroll\"><table><thead><tr><th>Host</th><th>Fact</th>"
                               "<th>Value</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < report->run->fact_count; i++) {
        const struct report_fact *fact = &report->run->facts[i];

        text_append(&report->page, "<tr>");
        page_element(report, "td class=\"name\"", fact->subject);
        page_element(report, "td", fact->name);
        page_element(report, "td class=\"wide\"", fact->value);
        text_append(&report->page, "</tr>\n");
    }
    text_append(&report->page, "</tbody></table></div></details>\n");
}

/* A word of a command line: quoted if a shell would take it apart, so that it can be pasted. */
static void append_word(struct text *command, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-_./:=+@";

    if (word[0] != '\0' && word[strspn(word, plain)] == '\0')
        text_append(command, word);
    else
        text_append_shell_word(command, word);
}

/* Those that most evaluations leave as they are. */
static void append_other_options(struct text *command, const struct evaluation *evaluation)
{
    const struct evaluation_setting *setting = &evaluation->setting;
    const struct split_result *split = evaluation_only_split(evaluation);

    if (split != NULL) {
        text_append(command, " --split ");
        append_word(command, split->name);
    }
    if (setting->threshold != 0.5)
        text_appendf(command, " --threshold %.15g", setting->threshold);
    if (setting->pipeline.resample_ns > 0)
        text_appendf(command, " --resample %.15gms", (double)setting->pipeline.resample_ns / 1e6);
    if (setting->pipeline.lags > 0)
        text_appendf(command, " --lags %zu", setting->pipeline.lags);
    if (setting->pipeline.changes)
        text_append(command, " --changes");
}

/* As the evaluation was made; one that was trained on another run is not made by this alone. */
static void append_evaluate_command(struct text *command, const struct evaluation *evaluation)
{
    text_append(command, "vnfault evaluate RUN");
    if (evaluation != NULL && evaluation->setting.trained_on == NULL) {
        const struct evaluation_setting *setting = &evaluation->setting;

        if (setting->detector != NULL) {
            text_append(command, " --detector ");
            append_word(command, setting->detector);
        }
        text_appendf(command, " --trees %lld --folds %lld --seed %llu%s", (long long)setting->trees,
                     (long long)setting->folds, (unsigned long long)setting->seed,
                     setting->balanced ? " --balanced" : "");
        if (setting->target != NULL) {
            text_append(command, " --target ");
            append_word(command, setting->target);
        }
        append_other_options(command, evaluation);
    }
    text_append(command, "\n");
}

static void write_commands(struct report *report)
{
    const struct stored_run *run = &report->run->run;
    struct text command = {0};

    text_append(&command, "vnfault run ");
    append_word(&command, run->campaign_path);
    text_append(&command, " --testbed ");
    append_word(&command, run->testbed_path);
    if (strcmp(run->time_scale, "1") != 0) {
        text_append(&command, " --time-scale ");
        append_word(&command, run->time_scale);
    }
    text_append(&command, run->faults ? "\n" : " --no-faults\n");
    append_evaluate_command(&command, report->source->evaluation);
    text_append(&command, "vnfault report RUN");
    text_append(&report->page, "<h3>To do it again</h3>\n<pre>");
    append_html_lines(&report->page, text_string(&command));
    text_append(&report->page,
                "</pre>\n<p class=\"muted\">RUN is the folder of the run. Its database, "
                "run.sqlite, holds the campaign and testbed files as they were run. "
                "Each figure has its data and gnuplot script in report/figures/: change "
                "NAME.gp or style.gp and run <code>gnuplot NAME.gp</code> "
                "there.</p>\n");
    text_free(&command);
}

int report_write_head(struct report *report, struct error *error)
{
    (void)error;
    write_verdict(report);
    write_scale(report);
    text_append(&report->page, "<div class=\"tiles\">\n");
    write_count_tiles(report);
    write_detector_tiles(report);
    text_append(&report->page, "</div>\n");
    text_append(&report->page, "<div class=\"pair\">\n");
    write_run_table(report);
    write_targets(report);
    text_append(&report->page, "</div>\n");
    write_facts(report);
    write_commands(report);
    return 0;
}
