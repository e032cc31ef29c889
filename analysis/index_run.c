#include "analysis/index_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/comparison_parts.h"
#include "analysis/report_campaign.h"
#include "base/memory.h"

struct index_figure index_figure_of(const struct compared_group *group, size_t figure)
{
    const struct sample *sample = &group->samples[COMPARED_BASE][figure];
    double half = sample_half_width(sample, 1);
    struct index_figure result = {NAN, NAN, NAN};

    if (sample->count > 0)
        result.value = sample_mean(sample);
    if (!isnan(half)) {
        result.lower = fmax(0, result.value - half);
        result.upper = fmin(compared_figures[figure].most, result.value + half);
    }
    return result;
}

static int take_run(struct index_run *run, struct compared_source *source, struct error *error)
{
    const struct stored_run *stored = &source->run.run;

    run->campaign = memory_string(stored->name);
    run->testbed_file = memory_string(stored->testbed_path);
    run->testbed = report_testbed_name(stored->testbed_xml);
    if (run->testbed == NULL)
        run->testbed = memory_string(stored->testbed_path);
    run->time_scale = memory_string(stored->time_scale);
    run->started_ns = stored->started_ns;
    run->figures.maximum_failure_share = run_failure_bound(&source->run);
    if (run_summary_make(source->store, &source->run, &run->summary, error) < 0)
        return -1;
    return comparison_add_experiments(&run->figures, COMPARED_BASE, source,
                                      report_main_transaction(&source->run), error);
}

/* The split in which nothing of a tested experiment was trained on, else the first that there is.
 */
static const struct split_result *split_of(const struct target_result *target)
{
    const struct split_result *found = NULL;

    for (size_t i = 0; i < target->split_count; i++) {
        const struct split_result *split = &target->splits[i];

        if (split->class_count == 0 || !isfinite(split->classes[0].roc.area))
            continue;
        if (found == NULL || strcmp(split->name, "experiment") == 0)
            found = split;
    }
    return found;
}

static struct index_figure figure_with(double value, const struct interval *interval)
{
    bool has_bounds = interval->resamples > 0;

    return (struct index_figure){value, has_bounds ? interval->lower : NAN,
                                 has_bounds ? interval->upper : NAN};
}

static void take_evaluation(struct index_run *run, const struct evaluation *evaluation)
{
    run->detectors = memory_new(evaluation->target_count, sizeof *run->detectors);
    for (size_t i = 0; i < evaluation->target_count; i++) {
        const struct split_result *split = split_of(&evaluation->targets[i]);
        struct index_detector *detector = &run->detectors[run->detector_count];

        if (split == NULL)
            continue;
        run->detector_count++;
        detector->target = memory_string(evaluation->targets[i].target);
        detector->split = memory_string(split->name);
        detector->figures[INDEX_ROC] =
            figure_with(split->classes[0].roc.area, &split->classes[0].roc_auc_interval);
        detector->figures[INDEX_PRECISION] = figure_with(
            split->classes[0].average_precision, &split->classes[0].average_precision_interval);
    }
}

/* What is amiss with an evaluation is said beside the run and does not hide it. */
static void read_evaluation(struct index_run *run, struct compared_source *source)
{
    char *path = memory_format("%s/" EVALUATION_FILE_NAME, run->folder);
    struct error amiss = {0};
    struct stat status;
    bool is_there = lstat(path, &status) == 0;

    if (is_there && !S_ISREG(status.st_mode))
        run->no_evaluation = memory_string(EVALUATION_FILE_NAME " is not a regular file");
    else if (is_there && evaluation_read(path, &source->evaluation, &amiss) < 0)
        run->no_evaluation = memory_string(amiss.what);
    else if (is_there && (source->run.run.ended_ns == 0 ||
                          source->evaluation->run_ended_ns != source->run.run.ended_ns))
        run->no_evaluation = memory_string("the run has gone on since it was evaluated");
    free(path);
    if (!is_there || run->no_evaluation != NULL)
        return;
    take_evaluation(run, source->evaluation);
    comparison_add_detections(&run->figures, COMPARED_BASE, source);
}

int index_run_read(const char *folder, const char *name, struct index_run *run, struct error *error)
{
    struct compared_source source = {0};
    struct error closing = {0};
    int result;

    *run = (struct index_run){.name = memory_string(name), .folder = memory_string(folder)};
    if (store_open(folder, STORE_READ, &source.store, error) < 0)
        return -1;
    result = report_run_read(source.store, &source.run, error);
    if (result == 0)
        result = take_run(run, &source, error);
    if (result == 0)
        read_evaluation(run, &source);
    report_run_free(&source.run);
    evaluation_free(source.evaluation);
    store_close(source.store, &closing);
    return result;
}

void index_run_free(struct index_run *run)
{
    for (size_t i = 0; i < run->detector_count; i++) {
        free(run->detectors[i].target);
        free(run->detectors[i].split);
    }
    comparison_free(&run->figures);
    free(run->detectors);
    free(run->name);
    free(run->folder);
    free(run->campaign);
    free(run->testbed);
    free(run->testbed_file);
    free(run->time_scale);
    free(run->no_evaluation);
    memset(run, 0, sizeof *run);
}

const struct index_detector *index_worst_detector(const struct index_run *run)
{
    const struct index_detector *worst = NULL;

    for (size_t i = 0; i < run->detector_count; i++) {
        const struct index_detector *detector = &run->detectors[i];

        if (worst == NULL || detector->figures[INDEX_ROC].value < worst->figures[INDEX_ROC].value)
            worst = detector;
    }
    return worst;
}
