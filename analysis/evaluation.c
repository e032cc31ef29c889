#include "analysis/evaluation.h"

#include <stdlib.h>

#include "analysis/dataset.h"
#include "analysis/detector.h"
#include "analysis/evaluation_propagation.h"
#include "analysis/evaluation_record.h"
#include "analysis/evaluation_target.h"
#include "base/clock.h"
#include "base/memory.h"
#include "store/reader.h"

#define STANDARD_THRESHOLD 0.5

static int check_setting(const struct evaluation_setting *setting, struct error *error)
{
    if (setting->trees < 1)
        return error_set(error, ERROR_INPUT, "a forest needs at least one tree");
    if (setting->folds < 2)
        return error_set(error, ERROR_INPUT, "cross-validation needs at least two folds");
    if (setting->threads < 0)
        return error_set(error, ERROR_INPUT, "the number of threads can't be negative");
    if (!(setting->threshold >= 0 && setting->threshold <= 1))
        return error_set(error, ERROR_INPUT, "a threshold of scores is from 0 to 1");
    return 0;
}

/* The targets to evaluate: the one asked for, or all that were injected into. */
static int choose_targets(struct store *store, const struct evaluation_setting *setting,
                          char ***names, size_t *count, struct error *error)
{
    if (setting->target != NULL) {
        *names = memory_new(1, sizeof **names);
        (*names)[0] = memory_string(setting->target);
        *count = 1;
        return 0;
    }
    if (dataset_targets(store, true, names, count, error) < 0)
        return -1;
    if (*count > 0)
        return 0;
    free(*names);
    *names = NULL;
    error_set(error, ERROR_INCONCLUSIVE, "the run has no injection to detect");
    error_hint(error, "run the campaign without --no-faults");
    return -1;
}

/* What is evaluated: a run, trained on another or, if that is NULL, on itself. */
struct stores {
    struct store *training;
    struct store *test;
};

static int evaluate_target(const struct stores *stores, const char *name,
                           const struct detector *detector,
                           const struct evaluation_setting *setting, struct target_result *result,
                           struct error *error)
{
    if (stores->training == NULL)
        return evaluation_target(stores->test, name, detector, setting, result, error);
    return evaluation_target_between(stores->training, stores->test, name, detector, setting,
                                     result, error);
}

/* A target that can't be evaluated is an error only if no other can. */
static int evaluate_targets(const struct stores *stores, char **names, size_t count,
                            const struct detector *detector, struct evaluation *evaluation,
                            struct error *error)
{
    struct error first = {0};
    size_t done = 0;

    for (size_t i = 0; i < count; i++) {
        struct target_result *result = &evaluation->targets[evaluation->target_count++];

        if (evaluate_target(stores, names[i], detector, &evaluation->setting, result, error) == 0) {
            done++;
            continue;
        }
        if (error->kind != ERROR_INCONCLUSIVE)
            return -1;
        result->unavailable = memory_string(error->what);
        if (first.kind == ERROR_NONE)
            first = *error;
        error_clear(error);
    }
    if (done > 0)
        return 0;
    *error = first;
    return -1;
}

static struct evaluation *new_evaluation(const struct stores *stores,
                                         const struct evaluation_setting *setting,
                                         const struct detector *detector,
                                         const struct detector_setting *detector_setting)
{
    struct evaluation *evaluation = memory_new(1, sizeof *evaluation);

    evaluation->setting = *setting;
    if (setting->threshold == 0)
        evaluation->setting.threshold = STANDARD_THRESHOLD;
    evaluation->setting.target = memory_string(setting->target);
    evaluation->setting.detector = detector_full_name(detector, detector_setting);
    evaluation->setting.trained_on =
        stores->training != NULL ? memory_string(store_folder(stores->training)) : NULL;
    return evaluation;
}

static int evaluate(const struct stores *stores, const struct evaluation_setting *setting,
                    struct evaluation **evaluation, struct error *error)
{
    struct detector_setting detector_setting = {0};
    const struct detector *detector = detector_parse(setting->detector, &detector_setting, error);
    struct stored_run run;
    double period_s;
    char **names;
    size_t count;
    int result;

    if (detector == NULL || check_setting(setting, error) < 0 ||
        choose_targets(stores->test, setting, &names, &count, error) < 0)
        return -1;
    *evaluation = new_evaluation(stores, setting, detector, &detector_setting);
    (*evaluation)->targets = memory_new(count, sizeof *(*evaluation)->targets);
    result = store_read_run(stores->test, &run, error);
    (*evaluation)->run_ended_ns = run.ended_ns;
    period_s = (double)run.monitoring_period_ns / (double)CLOCK_SECOND;
    stored_run_free(&run);
    if (result == 0)
        result = evaluate_targets(stores, names, count, detector, *evaluation, error);
    if (result == 0)
        evaluation_propagation(*evaluation, period_s);
    (*evaluation)->setting.stop = NULL;
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
    if (result < 0) {
        evaluation_free(*evaluation);
        *evaluation = NULL;
    }
    return result;
}

int evaluation_run(struct store *store, const struct evaluation_setting *setting,
                   struct evaluation **evaluation, struct error *error)
{
    struct stores stores = {NULL, store};

    return evaluate(&stores, setting, evaluation, error);
}

int evaluation_between(struct store *training, struct store *test,
                       const struct evaluation_setting *setting, struct evaluation **evaluation,
                       struct error *error)
{
    struct stores stores = {training, test};

    return evaluate(&stores, setting, evaluation, error);
}

void evaluation_free(struct evaluation *evaluation)
{
    if (evaluation == NULL)
        return;
    record_free(&evaluation_record, evaluation);
    free(evaluation);
}
