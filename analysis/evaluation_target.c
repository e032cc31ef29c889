#include "analysis/evaluation_target.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/dataset_join.h"
#include "analysis/evaluation_split.h"
#include "analysis/model.h"
#include "base/memory.h"

static void copy_counts(const struct dataset *dataset, struct target_result *result)
{
    result->observations = dataset->rows;
    result->experiments = dataset->experiment_count;
    result->first_observations = dataset->first_observations;
    result->counter_resets = dataset->counter_resets;
    result->missing_values = dataset->missing_values;
    result->label_count = dataset->count_count;
    result->labels = memory_new(dataset->count_count, sizeof *result->labels);
    for (size_t i = 0; i < dataset->count_count; i++)
        result->labels[i] =
            (struct label_count){memory_string(dataset->counts[i].label),
                                 dataset->counts[i].observations, dataset->counts[i].used};
}

/* Kinds of splits from `first` to before `last`, and that by which metrics are shuffled. */
struct split_range {
    size_t first;
    size_t last;
    size_t shuffled;
};

static int check(const struct dataset *dataset, const struct evaluation_setting *setting,
                 struct error *error)
{
    size_t folds = (size_t)setting->folds;
    size_t normal = 0;
    size_t stored = 0;

    for (size_t i = 0; i < dataset->count_count; i++)
        stored += dataset->counts[i].observations;
    for (size_t i = 0; i < dataset->rows; i++)
        normal += dataset->labels[i] == 0;
    if (dataset->rows == 0) {
        error_set(error, ERROR_INCONCLUSIVE, "none of its %zu observations can be used", stored);
        return error_hint(error, "only valid experiments count; 'vnfault status' names the others");
    }
    if (normal == dataset->rows || normal == 0) {
        error_set(error, ERROR_INCONCLUSIVE, "its %zu usable observations are all %s",
                  dataset->rows, normal == 0 ? "of injections" : "normal");
        return error_hint(error, "a detector needs both normal observations and injections");
    }
    if (normal >= folds && dataset->rows - normal >= folds)
        return 0;
    error_set(error, ERROR_INCONCLUSIVE,
              "%zu normal observations and %zu of injections are too few for %zu folds", normal,
              dataset->rows - normal, folds);
    return error_hint(error, "run more experiments, or take fewer folds (--folds)");
}

struct ranked {
    double importance;
    size_t column;
};

static int by_falling_importance(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;

    if (a->importance != b->importance)
        return a->importance < b->importance ? 1 : -1;
    return (a->column > b->column) - (a->column < b->column);
}

/* `columns` gets the data set's column of each metric ranked. */
static void rank_metrics(const struct model *model, struct target_result *result, size_t *columns)
{
    const double *importance = model_importance(model);
    size_t count = importance != NULL ? model->preprocess.kept : 0;
    struct ranked *ranked = memory_new(count, sizeof *ranked);

    for (size_t i = 0; i < count; i++)
        ranked[i] = (struct ranked){importance[i], model->preprocess.source[i]};
    qsort(ranked, count, sizeof *ranked, by_falling_importance);
    result->importance_count = count;
    result->importance = memory_new(count, sizeof *result->importance);
    for (size_t i = 0; i < count; i++) {
        const struct dataset_metric *metric = &model->metrics[ranked[i].column];

        columns[i] = ranked[i].column;
        result->importance[i] = (struct metric_importance){memory_string(metric->name),
                                                           memory_string(metric->resource_group),
                                                           ranked[i].importance, NAN};
    }
    free(ranked);
}

/* Importance and the count of metrics come from a detector trained on all observations; where it
 * has no importance, it need not be trained for that. */
static int train_on_all(const struct dataset *dataset, const struct detector *detector,
                        const struct evaluation_setting *setting, struct target_result *result,
                        size_t *columns, struct error *error)
{
    struct detector_setting detector_setting = evaluation_detector_setting(setting);
    size_t *rows = memory_new(dataset->rows, sizeof *rows);
    struct model *model;
    int outcome;

    for (size_t i = 0; i < dataset->rows; i++)
        rows[i] = i;
    if (detector->importance == NULL)
        outcome =
            model_outline(detector, &detector_setting, dataset, rows, dataset->rows, &model, error);
    else
        outcome = model_train(detector, &detector_setting, dataset, rows, dataset->rows, NULL,
                              &model, error);
    if (outcome == 0) {
        result->metrics = model->preprocess.kept;
        result->constant_metrics = dataset->columns - model->preprocess.kept;
        rank_metrics(model, result, columns);
        model_free(model);
    }
    free(rows);
    return outcome;
}

/* By the splits from `first` to before `last`; metrics are shuffled by one of them. */
static int split(const struct dataset *dataset, const struct detector *detector,
                 const struct evaluation_setting *setting, const struct split_range *range,
                 struct target_result *result, const size_t *columns, struct error *error)
{
    double *decrease = memory_new(dataset->columns, sizeof *decrease);
    int outcome = 0;

    result->splits = memory_new(range->last - range->first, sizeof *result->splits);
    for (size_t kind = range->first; outcome == 0 && kind < range->last; kind++)
        outcome = evaluation_split(
            dataset, detector, setting, kind,
            kind == range->shuffled && result->importance_count > 0 ? decrease : NULL,
            &result->splits[result->split_count++], error);
    for (size_t i = 0; i < result->importance_count; i++)
        result->importance[i].permutation = decrease[columns[i]];
    free(decrease);
    return outcome;
}

int evaluation_target(struct store *store, const char *target, const struct detector *detector,
                      const struct evaluation_setting *setting, struct target_result *result,
                      struct error *error)
{
    /* By experiment, where neighbours can't help. */
    struct split_range range = {0, SPLIT_KINDS, SPLIT_BY_EXPERIMENT};
    struct dataset *dataset;
    size_t *columns;
    int outcome;

    result->target = memory_string(target);
    if (setting->split != NULL) {
        if (evaluation_split_find(setting->split, &range.first, error) < 0)
            return -1;
        range.last = range.first + 1;
        range.shuffled = range.first;
    }
    if (dataset_read(store, target, &setting->pipeline, &dataset, error) < 0)
        return -1;
    copy_counts(dataset, result);
    columns = memory_new(dataset->columns, sizeof *columns);
    outcome = check(dataset, setting, error);
    if (outcome == 0)
        outcome = train_on_all(dataset, detector, setting, result, columns, error);
    if (outcome == 0)
        outcome = split(dataset, detector, setting, &range, result, columns, error);
    if (outcome < 0)
        error_target(error, target);
    free(columns);
    dataset_free(dataset);
    return outcome;
}

/* Without supervision normal observations will do, which model_train asks for. */
static int check_training(const struct dataset *training, const struct detector *detector,
                          const struct evaluation_setting *setting, struct error *error)
{
    if (!detector->supervised)
        return 0;
    return check(training, setting, error) < 0 ? error_where(error, "in the run to train on") : 0;
}

static int evaluate_pair(const struct dataset *training, const struct dataset *test,
                         const struct detector *detector, const struct evaluation_setting *setting,
                         struct target_result *result, struct error *error)
{
    static const struct split_range between = {SPLIT_BY_SOURCE, SPLIT_BY_SOURCE + 1,
                                               SPLIT_BY_SOURCE};
    struct evaluation_setting one_fold = *setting;
    size_t *columns = memory_new(training->columns, sizeof *columns);
    struct dataset *joined = NULL;
    int outcome = -1;

    one_fold.folds = 1;
    if (dataset_join(training, test, &joined, error) < 0 ||
        check_training(training, detector, &one_fold, error) < 0 ||
        check(test, &one_fold, error) < 0 ||
        train_on_all(training, detector, setting, result, columns, error) < 0)
        goto done;
    outcome = split(joined, detector, setting, &between, result, columns, error);
done:
    dataset_free(joined);
    free(columns);
    return outcome;
}

int evaluation_target_between(struct store *training_store, struct store *test_store,
                              const char *target, const struct detector *detector,
                              const struct evaluation_setting *setting,
                              struct target_result *result, struct error *error)
{
    struct dataset *training = NULL;
    struct dataset *test = NULL;
    int outcome = -1;

    result->target = memory_string(target);
    if (dataset_read(test_store, target, &setting->pipeline, &test, error) == 0) {
        copy_counts(test, result);
        outcome = dataset_read(training_store, target, &setting->pipeline, &training, error);
        if (outcome < 0)
            error_where(error, "%s", store_folder(training_store));
    }
    if (outcome == 0)
        outcome = evaluate_pair(training, test, detector, setting, result, error);
    if (outcome < 0)
        error_target(error, target);
    dataset_free(training);
    dataset_free(test);
    return outcome;
}
