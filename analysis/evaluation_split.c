#include "analysis/evaluation_split.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/curves.h"
#include "analysis/evaluation_class.h"
#include "analysis/evaluation_timeline.h"
#include "analysis/model.h"
#include "analysis/permutation_importance.h"
#include "analysis/splits.h"
#include "base/memory.h"

static const struct split_kind {
    const char *name;
    const char *title; /* for people */
    size_t (*make)(const struct split_input *input, size_t folds, size_t *fold);
    const char *unit; /* what is dealt over the folds */
    size_t least_folds;
    bool whole_experiments; /* an experiment is in one fold */
    bool series;            /* its scores over time are kept */
    bool faultless;         /* trained on no fault */
} split_kinds[] = {
    {"stratified", "stratified", split_stratified, "observation", 2, false, false, false},
    {"experiment", "by experiment", split_by_experiment, "experiment", 2, true, true, false},
    {"intensity", "by intensity", split_by_intensity, "intensity", 2, true, false, false},
    {"repetition", "by repetition", split_by_repetition, "repetition", 2, true, false, false},
    {"nominal", "after nominal", split_by_nominal, "kind of experiment, nominal or with faults", 1,
     true, true, true},
    [SPLIT_BY_SOURCE] = {"run", "on another run", split_by_source, "run", 1, true, true, false},
};

/* That of all if none has the name. */
static size_t kind_named(const char *name)
{
    size_t kind = 0;

    while (kind <= SPLIT_BY_SOURCE && strcmp(split_kinds[kind].name, name) != 0)
        kind++;
    return kind;
}

static int no_such_split(const char *name, struct error *error)
{
    return error_set(error, ERROR_INPUT, "there is no split '%.40s'", name);
}

int evaluation_split_find(const char *name, size_t *kind, struct error *error)
{
    *kind = kind_named(name);
    if (*kind < SPLIT_NAMES)
        return 0;
    no_such_split(name, error);
    return error_hint(error, "one of stratified, experiment, intensity, repetition, nominal");
}

const char *evaluation_split_name(size_t kind)
{
    return kind < SPLIT_NAMES ? split_kinds[kind].name : NULL;
}

/* Names that a file may have been given are checked when it is read. */
static const struct split_kind *kind_of(const struct split_result *split)
{
    return &split_kinds[kind_named(split->name)];
}

int evaluation_split_check(const struct split_result *split, struct error *error)
{
    return kind_named(split->name) <= SPLIT_BY_SOURCE ? 0 : no_such_split(split->name, error);
}

const char *evaluation_split_title(const struct split_result *split)
{
    return kind_of(split)->title;
}

bool evaluation_split_keeps_series(const struct split_result *split)
{
    return kind_of(split)->series;
}

const struct split_result *evaluation_only_split(const struct evaluation *evaluation)
{
    for (size_t i = 0; i < evaluation->target_count; i++) {
        const struct target_result *target = &evaluation->targets[i];

        /* A target that could not be evaluated has none. */
        if (target->split_count > 0)
            return target->split_count == 1 ? &target->splits[0] : NULL;
    }
    return NULL;
}

struct detector_setting evaluation_detector_setting(const struct evaluation_setting *setting)
{
    struct detector_setting result = {.trees = (size_t)setting->trees,
                                      .threads = (size_t)setting->threads,
                                      .seed = setting->seed,
                                      .stop = setting->stop,
                                      .balanced = setting->balanced != 0};
    struct error error = {0};

    /* They were checked when the evaluation began. */
    detector_parse(setting->detector, &result, &error);
    return result;
}

/* Rows of a fold, or those of all others. Caller frees. */
static size_t *rows_of(const struct scored_dataset *scored, size_t fold, bool inside, size_t *count)
{
    size_t *rows = memory_new(scored->dataset->rows, sizeof *rows);

    *count = 0;
    for (size_t row = 0; row < scored->dataset->rows; row++) {
        if ((scored->fold[row] == fold) == inside)
            rows[(*count)++] = row;
    }
    return rows;
}

/* A question that the model doesn't have gets the binary score. */
static void score_rows(struct scored_dataset *scored, const struct model *model, const size_t *rows,
                       size_t count)
{
    size_t questions = scored->dataset->label_count;
    double *scores = memory_new(count * model->question_count, sizeof *scores);

    model_score(model, scored->dataset, rows, count, scores);
    for (size_t i = 0; i < count; i++) {
        for (size_t question = 0; question < questions; question++)
            scored->scores[rows[i] * questions + question] =
                scores[i * model->question_count +
                       (question < model->question_count ? question : 0)];
    }
    free(scores);
}

/* Scores the rows of a fold by a detector trained on the others. A fold without enough to train on
 * leaves its rows unscored and says why in `error`. */
static int score_fold(struct scored_dataset *scored, const struct detector *detector,
                      const struct detector_setting *setting, size_t fold, struct error *error)
{
    size_t train_count;
    size_t test_count;
    size_t *train = rows_of(scored, fold, false, &train_count);
    size_t *test = rows_of(scored, fold, true, &test_count);
    struct model *model = NULL;
    int result =
        model_train(detector, setting, scored->dataset, train, train_count, NULL, &model, error);

    if (result == 0) {
        score_rows(scored, model, test, test_count);
        if (scored->timeline != NULL)
            scored_timeline_score(scored->timeline, model, fold);
        if (scored->decrease != NULL)
            scored->decrease_folds += permutation_importance(
                model, scored->dataset, test, test_count, setting->seed + fold, scored->decrease);
    }
    model_free(model);
    free(train);
    free(test);
    return result;
}

/* Returns the number of folds that were scored, or -1 after a stop. */
static int score_folds(struct scored_dataset *scored, const struct detector *detector,
                       const struct evaluation_setting *setting, struct error *error)
{
    struct detector_setting detector_setting = evaluation_detector_setting(setting);
    int done = 0;

    for (size_t fold = 0; fold < scored->folds; fold++) {
        if (setting->stop != NULL && stop_reason(setting->stop) != 0)
            return error_set(error, ERROR_INTERRUPTED, "the evaluation was interrupted");
        if (score_fold(scored, detector, &detector_setting, fold, error) == 0)
            done++;
        else if (error->kind != ERROR_INCONCLUSIVE)
            return -1;
    }
    return done;
}

/* What a detector without supervision can say. */
static const char *const anomaly_labels[] = {"normal", "anomaly"};

static void name_split(struct split_result *result, const struct dataset *dataset,
                       const struct detector *detector, size_t kind)
{
    result->name = memory_string(split_kinds[kind].name);
    result->label_count = detector->supervised ? dataset->label_count : 2;
    result->labels = memory_new(result->label_count, sizeof(char *));
    for (size_t i = 0; i < result->label_count; i++)
        result->labels[i] =
            memory_string(detector->supervised ? dataset->label_names[i] : anomaly_labels[i]);
    result->confusion = memory_new(result->label_count * result->label_count, sizeof(size_t));
}

static void fill_classes(const struct scored_dataset *scored, uint64_t seed,
                         struct split_result *result)
{
    result->class_count = scored->dataset->label_count;
    result->classes = memory_new(result->class_count, sizeof *result->classes);
    for (size_t question = 0; question < result->class_count; question++) {
        const char *name = question == 0 ? QUESTION_BINARY : scored->dataset->label_names[question];

        result->classes[question].name = memory_string(name);
        evaluation_class(scored, question, seed, &result->classes[question]);
    }
    evaluation_confusion(scored, result->confusion);
}

static void fill_detection(const struct scored_dataset *scored, int done, size_t kind,
                           struct split_result *result)
{
    if (done > 0 && scored->timeline != NULL) {
        scored_timeline_detect(scored->timeline, scored->threshold, &result->detection);
        if (split_kinds[kind].series)
            scored_timeline_keep_series(scored->timeline, &result->detection);
    } else {
        scored_timeline_none(&result->detection,
                             done > 0 ? "observations of one experiment are in several folds"
                                      : "no fold was tested");
    }
}

/* Why this split can't be made; NULL if it can. Caller frees. */
static char *why_not(const struct scored_dataset *scored, const struct detector *detector,
                     size_t kind)
{
    if (detector->sequential && !split_kinds[kind].whole_experiments)
        return memory_string("the detector looks at an observation's neighbours, "
                             "which this split would have in training");
    if (detector->supervised && split_kinds[kind].faultless)
        return memory_string("the detector learns from faults, of which this split trains on none");
    if (split_kinds[kind].make == split_by_intensity && scored->dataset->mixes_intensities)
        return memory_string("an experiment has faults of several intensities");
    if (scored->folds < split_kinds[kind].least_folds)
        return memory_format("there is only one %s", split_kinds[kind].unit);
    return NULL;
}

/* Deals the rows out to folds, and makes room for their scores. */
static void open_scored(const struct dataset *dataset, const struct evaluation_setting *setting,
                        size_t kind, struct scored_dataset *scored)
{
    struct split_input input = {
        .rows = dataset->rows,
        .labels = dataset->labels,
        .label_count = dataset->label_count,
        .experiments = dataset->experiments,
        .intensities = dataset->intensities,
        .intensity_count = dataset->intensity_count,
        .repetitions = dataset->repetitions,
        .repetition_count = dataset->repetition_count,
        .sources = dataset->sources,
        .seed = setting->seed,
    };

    scored->fold = memory_new(dataset->rows, sizeof *scored->fold);
    scored->scores = memory_new(dataset->rows * dataset->label_count, sizeof *scored->scores);
    for (size_t i = 0; i < dataset->rows * dataset->label_count; i++)
        scored->scores[i] = NAN;
    scored->folds = split_kinds[kind].make(&input, (size_t)setting->folds, scored->fold);
}

/* From the sums over the folds that were tested to their mean. */
static void finish_decrease(const struct scored_dataset *scored, int done)
{
    for (size_t i = 0; scored->decrease != NULL && i < scored->dataset->columns; i++)
        scored->decrease[i] = done > 0 ? scored->decrease[i] / (double)scored->decrease_folds : NAN;
}

int evaluation_split(const struct dataset *dataset, const struct detector *detector,
                     const struct evaluation_setting *setting, size_t kind, double *decrease,
                     struct split_result *result, struct error *error)
{
    struct detector_setting detector_setting = evaluation_detector_setting(setting);
    struct scored_dataset scored = {.dataset = dataset,
                                    .threshold = setting->threshold,
                                    .joint = detector_is_joint(detector, &detector_setting),
                                    .supervised = detector->supervised,
                                    .decrease = decrease};
    struct scored_timeline timeline;
    int done = 0;

    name_split(result, dataset, detector, kind);
    open_scored(dataset, setting, kind, &scored);
    scored_timeline_open(dataset, scored.fold, &timeline);
    if (split_kinds[kind].whole_experiments)
        scored.timeline = &timeline;
    result->unavailable = why_not(&scored, detector, kind);
    if (result->unavailable == NULL) {
        done = score_folds(&scored, detector, setting, error);
        if (done == 0)
            result->unavailable = memory_format("no fold could be trained: %s", error->what);
    }
    result->folds = scored.folds;
    if (done > 0)
        fill_classes(&scored, setting->seed, result);
    fill_detection(&scored, done, kind, result);
    finish_decrease(&scored, done);
    if (done >= 0)
        error_clear(error);
    scored_timeline_close(&timeline);
    free(scored.fold);
    free(scored.scores);
    return done < 0 ? -1 : 0;
}
