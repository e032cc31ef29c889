/* vnfault report: the page and figures of a run, or of all runs below a folder. */
#include <stdio.h>
#include <stdlib.h>

#include "analysis/evaluation.h"
#include "analysis/evaluation_split.h"
#include "analysis/report.h"
#include "analysis/run_index.h"
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "cli/interrupt.h"
#include "cli/verb.h"
#include "store/store.h"

static const char *output_folder;
static bool without_evaluation;
static bool as_json;
static bool as_index;

static const struct option_row options[] = {
    {"-o", "FOLDER", "where it goes (default: RUN/report, RESULTS/index)", OPTION_TEXT,
     &output_folder, 0, 0},
    {"--index", NULL, "of all runs below the folder RESULTS", OPTION_FLAG, &as_index, 0, 0},
    {"--no-evaluation", NULL, "leave detectors out", OPTION_FLAG, &without_evaluation, 0, 0},
    {"--json", NULL, "print the figures as JSON and write no page", OPTION_FLAG, &as_json, 0, 0},
    {0},
};

/* Evaluates and keeps the evaluation. A run that can't be evaluated gives NULL and says why in
 * *why, which the caller frees; `inconclusive` is then the error. */
static int make_evaluation(struct store *store, const struct evaluation_setting *setting,
                           const char *path, struct evaluation **evaluation, char **why,
                           struct error *inconclusive, struct error *error)
{
    if (evaluation_run(store, setting, evaluation, inconclusive) == 0)
        return evaluation_write(*evaluation, path, error);
    if (inconclusive->kind == ERROR_INCONCLUSIVE) {
        *why = memory_format("Detectors could not be evaluated: %s.", inconclusive->what);
        return 0;
    }
    *error = *inconclusive;
    return -1;
}

/* What is not in its setting; a run that another was trained on has a split of its own. */
static const char *split_asked_for(const struct evaluation *evaluation)
{
    const struct split_result *only = evaluation_only_split(evaluation);

    return only != NULL && evaluation->setting.trained_on == NULL ? only->name : NULL;
}

/* The evaluation that the run's folder holds; a run that has gone on since is evaluated anew, in
 * the same way. */
static int get_evaluation(struct store *store, const struct stored_run *run,
                          struct evaluation **evaluation, char **why, struct error *inconclusive,
                          struct error *error)
{
    /* The setting of the first paper: ten trees, ten folds. */
    struct evaluation_setting setting = {.trees = 10, .folds = 10, .seed = 1};
    char *path = memory_format("%s/" EVALUATION_FILE_NAME, store_folder(store));
    struct evaluation *kept = NULL;
    int result = 0;

    if (file_exists(path))
        result = evaluation_read(path, &kept, error);
    /* A run that goes on, or was killed, has no end: nothing tells what was evaluated. */
    if (result == 0 && kept != NULL && run->ended_ns != 0 && kept->run_ended_ns == run->ended_ns) {
        *evaluation = kept;
        kept = NULL;
    } else if (result == 0) {
        if (kept != NULL) {
            log_warning("the run may have gone on since it was evaluated: evaluating it anew");
            setting = kept->setting;
            setting.split = split_asked_for(kept);
        }
        setting.stop = interrupt_stop();
        result = make_evaluation(store, &setting, path, evaluation, why, inconclusive, error);
    }
    evaluation_free(kept);
    free(path);
    return result;
}

static int write_report(const struct report_source *source, const char *folder, struct error *error)
{
    if (as_json)
        return report_print_json(source, stdout, error);
    if (report_write(source, folder, error) < 0)
        return -1;
    printf("%s/index.html\n", folder);
    return 0;
}

static int report_of_store(struct store *store, const char *folder, struct error *error)
{
    struct report_run run;
    struct evaluation *evaluation = NULL;
    char *why = NULL;
    struct error inconclusive = {0};
    int result = report_run_read(store, &run, error);

    if (result == 0 && without_evaluation)
        why = memory_string("The report was asked for without an evaluation of detectors.");
    else if (result == 0)
        result = get_evaluation(store, &run.run, &evaluation, &why, &inconclusive, error);
    if (result == 0) {
        const struct report_source source = {.store = store,
                                             .run = &run,
                                             .evaluation = evaluation,
                                             .no_evaluation = why,
                                             .stop = interrupt_stop()};

        result = write_report(&source, folder, error);
    }
    if (result == 0 && report_count(&run, REPORT_VALID) == 0)
        result = error_set(error, ERROR_INCONCLUSIVE, "the run has no valid experiment");
    else if (result == 0 && inconclusive.kind != ERROR_NONE) {
        *error = inconclusive;
        result = -1;
    }
    evaluation_free(evaluation);
    free(why);
    report_run_free(&run);
    return result;
}

/* The index stands beside the runs unless it is told where to go. */
static int write_index(const char *results, struct error *error)
{
    char *folder =
        output_folder != NULL ? memory_string(output_folder) : memory_format("%s/index", results);
    struct run_index index = {0};
    int result = as_json ? 0 : run_index_check_folder(folder, error);

    if (result == 0)
        result = run_index_read(results, &index, interrupt_stop(), error);
    if (result == 0 && as_json)
        run_index_print_json(&index, stdout);
    else if (result == 0)
        result = run_index_write(&index, folder, interrupt_stop(), error);
    if (result == 0 && !as_json)
        printf("%s/index.html\n", folder);
    run_index_free(&index);
    free(folder);
    if (result < 0 && stop_reason(interrupt_stop()) != 0)
        return interrupt_error(error);
    return result;
}

static int run_report(const char *const operands[], size_t count, struct error *error)
{
    struct store *store = NULL;
    struct error ignored = {0};
    char *folder;
    int result = 0;

    (void)count;
    if (as_index && without_evaluation)
        return error_set(error, ERROR_INPUT,
                         "--no-evaluation does not go with --index, which "
                         "evaluates nothing");
    if (as_index)
        return write_index(operands[0], error);
    if (store_open(operands[0], STORE_READ, &store, error) < 0)
        return -1;
    folder = output_folder != NULL ? memory_string(output_folder)
                                   : memory_format("%s/report", store_folder(store));
    /* An evaluation may take long: what will be refused is refused before it. */
    if (!as_json)
        result = report_check_folder(folder, error);
    if (result == 0)
        result = report_of_store(store, folder, error);
    free(folder);
    if (store_close(store, result < 0 ? &ignored : error) < 0)
        result = -1;
    if (result < 0 && stop_reason(interrupt_stop()) != 0)
        return interrupt_error(error);
    return result;
}

const struct verb verb_report = {
    .name = "report",
    .summary = "write the page and figures of a run, or of all",
    .operands = "RUN | --index RESULTS",
    .description =
        "Writes RUN/report/index.html, one self-contained page, and RUN/report/figures/\n"
        "with each figure as SVG and PDF beside its data and gnuplot script. If\n"
        "RUN/evaluation.json is missing, the detectors of the first paper are trained\n"
        "and evaluated first and the result is kept there. --index writes a page of all\n"
        "runs below a folder, with links to their reports and trends.\n\n"
        "Exit status: 0; 2 if no experiment is valid or there is too little to evaluate\n"
        "(the page is written and says so); 4 if gnuplot is missing; 64 if RUN is not a\n"
        "run, or FOLDER holds something and is not a report.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = run_report,
};
