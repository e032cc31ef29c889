#include "analysis/comparison.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/comparison_parts.h"
#include "analysis/comparison_strata.h"
#include "analysis/permutation.h"
#include "base/file.h"
#include "base/memory.h"

static const double usual_failure_share = 0.05;

const struct compared_figure compared_figures[FIGURES] = {
    [FIGURE_FAILED_CALLS] = {"failed-calls", "%", "percentage points", 100, 1, true,
                             QUANTITY_SHARE},
    [FIGURE_RESPONSE_TIME] = {"response-time", "ms", "ms", 1e3, INFINITY, true, QUANTITY_DURATION},
    [FIGURE_AVAILABILITY] = {"availability", "%", "percentage points", 100, 1, false,
                             QUANTITY_SHARE},
    [FIGURE_TIME_TO_RECOVER] = {"time-to-recover", "s", "s", 1, INFINITY, true, QUANTITY_DURATION},
    [FIGURE_TIME_TO_DETECT] = {"time-to-detect", "s", "s", 1, INFINITY, true, QUANTITY_DURATION},
    [FIGURE_ROC_AUC] = {"roc-auc", "", "", 1, 1, false, QUANTITY_SHARE},
    [FIGURE_PR_AUC] = {"pr-auc", "", "", 1, 1, false, QUANTITY_SHARE},
};

const char *const compared_figure_names[FIGURES] = {
    "failed-calls",   "response-time", "availability", "time-to-recover",
    "time-to-detect", "roc-auc",       "pr-auc"};

const char *comparison_keep(struct comparison *comparison, const char *string)
{
    char *copy = memory_string(string);

    comparison->strings = memory_grow(comparison->strings, comparison->string_count,
                                      &comparison->string_capacity, sizeof *comparison->strings);
    comparison->strings[comparison->string_count++] = copy;
    return copy;
}

static bool is_name(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

struct compared_group *comparison_group(struct comparison *comparison, const char *fault_type,
                                        const char *intensity, const char *target)
{
    struct compared_group *group;

    for (size_t i = 0; i < comparison->group_count; i++) {
        group = &comparison->groups[i];
        if (is_name(group->fault_type, fault_type) && is_name(group->intensity, intensity) &&
            is_name(group->target, target))
            return group;
    }
    comparison->groups = memory_grow(comparison->groups, comparison->group_count,
                                     &comparison->group_capacity, sizeof *comparison->groups);
    group = &comparison->groups[comparison->group_count++];
    memset(group, 0, sizeof *group);
    group->fault_type = memory_string(fault_type);
    group->intensity = memory_string(intensity);
    group->target = memory_string(target);
    return group;
}

static struct compared_row empty_row(size_t figure)
{
    return (struct compared_row){.figure = figure,
                                 .difference = NAN,
                                 .p = NAN,
                                 .least_p = NAN,
                                 .corrected_p = NAN,
                                 .corrected_least_p = NAN};
}

struct compared_row *comparison_add_row(struct comparison *comparison, size_t figure)
{
    comparison->rows = memory_grow(comparison->rows, comparison->row_count,
                                   &comparison->row_capacity, sizeof *comparison->rows);
    comparison->rows[comparison->row_count] = empty_row(figure);
    return &comparison->rows[comparison->row_count++];
}

struct compared_row *comparison_add_lost(struct comparison *comparison, size_t figure)
{
    comparison->lost = memory_grow(comparison->lost, comparison->lost_count,
                                   &comparison->lost_capacity, sizeof *comparison->lost);
    comparison->lost[comparison->lost_count] = empty_row(figure);
    return &comparison->lost[comparison->lost_count++];
}

/* The mean of the groups' means, whose interval is that of the strata. */
static struct compared_value value_of(const struct compared_group *const *groups, size_t count,
                                      size_t side, size_t figure,
                                      const struct compared_strata *strata)
{
    size_t strata_count = strata->counts[side];
    double half =
        sample_half_width(strata->sides[side], strata_count) * (double)strata_count / (double)count;
    struct compared_value value = {.experiments = strata->experiments[side],
                                   .value = count > 0 ? 0 : (double)NAN,
                                   .lower = NAN,
                                   .upper = NAN};

    for (size_t i = 0; i < count; i++) {
        value.value += sample_mean(&groups[i]->samples[side][figure]);
        value.cut_short += groups[i]->cut_short[side][figure];
    }
    value.value /= (double)count;
    if (!isnan(half)) {
        value.lower = fmax(0, value.value - half);
        value.upper = fmin(compared_figures[figure].most, value.value + half);
    }
    return value;
}

/* Those chosen that have values on both sides. Caller frees. */
static const struct compared_group **choose_groups(const struct comparison *comparison,
                                                   size_t figure, const bool *chosen, size_t *count)
{
    const struct compared_group **groups =
        memory_new(comparison->group_count, sizeof(const struct compared_group *));

    *count = 0;
    for (size_t i = 0; i < comparison->group_count; i++) {
        const struct compared_group *group = &comparison->groups[i];

        if (chosen[i] && group->samples[COMPARED_BASE][figure].count > 0 &&
            group->samples[COMPARED_NEW][figure].count > 0)
            groups[(*count)++] = group;
    }
    return groups;
}

void comparison_row_over(const struct comparison *comparison, size_t figure, const bool *chosen,
                         struct compared_row *row)
{
    size_t count;
    const struct compared_group **groups = choose_groups(comparison, figure, chosen, &count);
    struct compared_strata strata;

    comparison_strata_make(groups, count, figure, &strata);
    for (size_t side = 0; side < COMPARED_SIDES; side++)
        row->sides[side] = value_of(groups, count, side, figure, &strata);
    row->figure = figure;
    row->groups = count;
    row->difference = row->sides[COMPARED_NEW].value - row->sides[COMPARED_BASE].value;
    row->p = permutation_test(strata.dealt[COMPARED_BASE], strata.dealt[COMPARED_NEW],
                              strata.dealt_count, comparison->seed);
    row->least_p = permutation_least(strata.dealt[COMPARED_BASE], strata.dealt[COMPARED_NEW],
                                     strata.dealt_count);
    comparison_strata_free(&strata);
    free(groups);
}

/* A row a group, and one over all that have a fault. */
static void add_rows(struct comparison *comparison, size_t figure)
{
    bool *chosen = memory_new(comparison->group_count, sizeof *chosen);
    size_t faults = 0;

    for (size_t i = 0; i < comparison->group_count; i++) {
        const struct compared_group *group = &comparison->groups[i];
        struct compared_row *row = comparison_add_row(comparison, figure);

        memset(chosen, 0, comparison->group_count * sizeof *chosen);
        chosen[i] = true;
        comparison_row_over(comparison, figure, chosen, row);
        row->fault_type = group->fault_type;
        row->intensity = group->intensity;
        row->target = group->target;
        if (row->groups == 0)
            comparison->row_count--;
        else
            faults += group->fault_type != NULL;
    }
    if (faults > 1) {
        for (size_t i = 0; i < comparison->group_count; i++)
            chosen[i] = comparison->groups[i].fault_type != NULL;
        comparison_row_over(comparison, figure, chosen, comparison_add_row(comparison, figure));
    }
    free(chosen);
}

static void correct(struct comparison *comparison)
{
    size_t count = comparison->row_count;
    double *values = memory_new(2 * count, sizeof *values);
    double *corrected = values + count;

    for (size_t i = 0; i < count; i++)
        values[i] = comparison->rows[i].p;
    permutation_holm(values, count, corrected);
    for (size_t i = 0; i < count; i++) {
        comparison->rows[i].corrected_p = corrected[i];
        values[i] = comparison->rows[i].least_p;
    }
    permutation_holm(values, count, corrected);
    for (size_t i = 0; i < count; i++)
        comparison->rows[i].corrected_least_p = corrected[i];
    free(values);
}

/* The evaluation in the run's folder, if it is of the run as it is now; else why not. */
static int read_evaluation(struct compared_source *source, struct compared_run *run,
                           struct error *error)
{
    char *path = memory_format("%s/" EVALUATION_FILE_NAME, store_folder(source->store));
    int result = 0;

    if (!file_exists(path))
        run->no_evaluation = memory_string("it was not evaluated ('vnfault evaluate RUN')");
    else
        result = evaluation_read(path, &source->evaluation, error);
    if (source->evaluation != NULL &&
        (source->run.run.ended_ns == 0 ||
         source->evaluation->run_ended_ns != source->run.run.ended_ns)) {
        run->no_evaluation = memory_string("it has gone on since it was evaluated");
        evaluation_free(source->evaluation);
        source->evaluation = NULL;
    }
    free(path);
    return result;
}

static int read_side(struct comparison *comparison, size_t side, struct compared_source *source,
                     struct error *error)
{
    struct compared_run *run = &comparison->runs[side];

    if (report_run_read(source->store, &source->run, error) < 0 ||
        read_evaluation(source, run, error) < 0)
        return -1;
    run->name = memory_string(source->run.run.name);
    run->folder = memory_string(store_folder(source->store));
    run->valid = report_count(&source->run, REPORT_VALID);
    run->invalid = source->run.experiment_count - run->valid;
    return 0;
}

static double bound_of(const struct comparison_setting *setting, const struct report_run *base)
{
    if (setting->maximum_failure_share >= 0)
        return setting->maximum_failure_share;
    return base->campaign.maximum_failure_share >= 0 ? base->campaign.maximum_failure_share
                                                     : usual_failure_share;
}

static int compare(struct comparison *comparison, const struct comparison_setting *setting,
                   struct compared_source sources[COMPARED_SIDES], struct error *error)
{
    const struct evaluation *const evaluations[] = {sources[COMPARED_BASE].evaluation,
                                                    sources[COMPARED_NEW].evaluation};
    const struct report_run *base = &sources[COMPARED_BASE].run;

    comparison->maximum_failure_share = bound_of(setting, base);
    comparison_add_changes(comparison, sources);
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        if (comparison_add_experiments(comparison, side, &sources[side],
                                       report_main_transaction(base), error) < 0)
            return -1;
        comparison_add_detections(comparison, side, &sources[side]);
    }
    for (size_t figure = 0; figure < FIGURES_OF_EXPERIMENTS; figure++)
        add_rows(comparison, figure);
    if (evaluations[COMPARED_BASE] != NULL && evaluations[COMPARED_NEW] != NULL)
        comparison_add_detectors(comparison, evaluations);
    correct(comparison);
    return 0;
}

int comparison_make(struct store *base, struct store *new, const struct comparison_setting *setting,
                    struct comparison *comparison, struct error *error)
{
    struct compared_source sources[COMPARED_SIDES] = {{.store = base}, {.store = new}};
    int result = 0;

    memset(comparison, 0, sizeof *comparison);
    comparison->seed = setting->seed;
    for (size_t side = 0; result == 0 && side < COMPARED_SIDES; side++)
        result = read_side(comparison, side, &sources[side], error);
    if (result == 0)
        result = compare(comparison, setting, sources, error);
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        report_run_free(&sources[side].run);
        evaluation_free(sources[side].evaluation);
    }
    return result;
}

static void free_group(struct compared_group *group)
{
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        for (size_t i = 0; i < FIGURES_OF_EXPERIMENTS; i++)
            sample_free(&group->samples[side][i]);
    }
    free(group->fault_type);
    free(group->intensity);
    free(group->target);
}

void comparison_free(struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->group_count; i++)
        free_group(&comparison->groups[i]);
    for (size_t i = 0; i < comparison->change_count; i++) {
        free(comparison->changes[i].what);
        free(comparison->changes[i].base);
        free(comparison->changes[i].new);
    }
    for (size_t i = 0; i < comparison->string_count; i++)
        free(comparison->strings[i]);
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        free(comparison->runs[side].name);
        free(comparison->runs[side].folder);
        free(comparison->runs[side].no_evaluation);
    }
    free(comparison->groups);
    free(comparison->changes);
    free(comparison->strings);
    free(comparison->rows);
    free(comparison->lost);
    memset(comparison, 0, sizeof *comparison);
}
