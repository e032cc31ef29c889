#include "analysis/evaluation_timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detection.h"
#include "base/clock.h"
#include "base/memory.h"

/* A row that is left out of training is tested where its neighbours in the experiment are. */
static void fill_folds(const struct dataset_timeline *timeline, size_t *fold)
{
    for (size_t i = 1; i < timeline->rows; i++) {
        if (fold[i] == DATASET_NONE && timeline->experiments[i] == timeline->experiments[i - 1])
            fold[i] = fold[i - 1];
    }
    for (size_t i = timeline->rows; i-- > 1;) {
        if (fold[i - 1] == DATASET_NONE && timeline->experiments[i] == timeline->experiments[i - 1])
            fold[i - 1] = fold[i];
    }
}

void scored_timeline_open(const struct dataset *dataset, const size_t *fold,
                          struct scored_timeline *timeline)
{
    size_t rows = dataset->timeline.rows;

    timeline->dataset = dataset;
    timeline->fold = memory_new(rows, sizeof *timeline->fold);
    timeline->scores = memory_new(rows, sizeof *timeline->scores);
    for (size_t i = 0; i < rows; i++) {
        timeline->fold[i] = DATASET_NONE;
        timeline->scores[i] = NAN;
    }
    for (size_t i = 0; i < dataset->rows; i++)
        timeline->fold[dataset->places[i]] = fold[i];
    fill_folds(&dataset->timeline, timeline->fold);
}

void scored_timeline_close(struct scored_timeline *timeline)
{
    free(timeline->fold);
    free(timeline->scores);
}

void scored_timeline_score(struct scored_timeline *timeline, const struct model *model, size_t fold)
{
    size_t rows = timeline->dataset->timeline.rows;
    size_t *places = memory_new(rows, sizeof *places);
    double *scores = memory_new(rows, sizeof *scores);
    size_t count = 0;

    for (size_t i = 0; i < rows; i++) {
        if (timeline->fold[i] == fold)
            places[count++] = i;
    }
    if (model_score_timeline(model, &timeline->dataset->timeline, places, count, 0, scores)) {
        for (size_t i = 0; i < count; i++)
            timeline->scores[places[i]] = scores[i];
    }
    free(places);
    free(scores);
}

static enum detection_kind kind_of(size_t label)
{
    if (label == DATASET_NONE)
        return DETECTION_LEFT_OUT;
    return label == 0 ? DETECTION_NOMINAL : DETECTION_FAULT;
}

/* The tested rows. An observation's window begins at the one before it. Caller frees. */
static struct detection_observation *make_observations(const struct scored_timeline *scored,
                                                       size_t *count)
{
    const struct dataset_timeline *timeline = &scored->dataset->timeline;
    struct detection_observation *observations = memory_new(timeline->rows, sizeof *observations);

    *count = 0;
    for (size_t i = 0; i < timeline->rows; i++) {
        bool follows = i > 0 && timeline->sequences[i] == timeline->sequences[i - 1];

        if (scored->fold[i] == DATASET_NONE)
            continue;
        observations[(*count)++] = (struct detection_observation){
            timeline->experiments[i], timeline->times_ns[i],
            follows ? timeline->times_ns[i] - timeline->times_ns[i - 1] : timeline->period_ns,
            scored->scores[i], kind_of(timeline->labels[i])};
    }
    return observations;
}

static bool is_tested(const struct scored_timeline *scored, int64_t experiment)
{
    for (size_t i = 0; i < scored->dataset->timeline.rows; i++) {
        if (scored->fold[i] != DATASET_NONE &&
            scored->dataset->timeline.experiments[i] == experiment)
            return true;
    }
    return false;
}

/* The target's own faults in tested experiments: their places among the data set's. Caller frees.
 */
static size_t *own_faults(const struct scored_timeline *scored, size_t *count)
{
    const struct dataset *dataset = scored->dataset;
    size_t *places = memory_new(dataset->fault_count, sizeof *places);

    *count = 0;
    for (size_t i = 0; i < dataset->fault_count; i++) {
        if (strcmp(dataset->faults[i].target, dataset->target) == 0 &&
            is_tested(scored, dataset->faults[i].experiment))
            places[(*count)++] = i;
    }
    return places;
}

static struct detection_scores scores_of(const struct detection_quality *quality)
{
    return (struct detection_scores){quality->precision, quality->recall, quality->f1};
}

static void fill_faults(const struct dataset *dataset, const size_t *places,
                        const struct detection *detection, struct detection_result *result)
{
    static const char *const verdicts[] = {[DETECTION_UNKNOWN] = "unknown",
                                           [DETECTION_MISSED] = "missed",
                                           [DETECTION_FOUND] = "found"};

    for (size_t i = 0; i < result->fault_count; i++) {
        const struct dataset_fault *fault = &dataset->faults[places[i]];
        const struct detection_outcome *outcome = &detection->outcomes[i];

        result->faults[i] = (struct fault_detection){
            .experiment = memory_string(fault->experiment_name),
            .fault_type = memory_string(fault->type),
            .intensity = memory_string(fault->intensity),
            .verdict = memory_string(verdicts[outcome->verdict]),
            .delay_s = outcome->delay_s,
            .stays_s = outcome->stays_s,
            .alarmed_before = outcome->alarmed_before,
        };
    }
}

void scored_timeline_none(struct detection_result *result, const char *why)
{
    *result = (struct detection_result){
        .unavailable = memory_string(why),
        .nominal_s = NAN,
        .false_alarms_per_day = NAN,
        .plain = {NAN, NAN, NAN},
        .point_adjusted = {NAN, NAN, NAN},
    };
}

static void fill_result(const struct dataset *dataset, const size_t *places, size_t count,
                        const struct detection *detection, struct detection_result *result)
{
    *result = (struct detection_result){
        .faults = memory_new(count, sizeof *result->faults),
        .fault_count = count,
        .found = detection->found,
        .missed = detection->missed,
        .unknown = detection->unknown,
        .false_alarms = detection->false_alarms,
        .nominal_s = detection->nominal_s,
        .false_alarms_per_day = detection->false_alarms_per_day,
        .plain = scores_of(&detection->plain),
        .point_adjusted = scores_of(&detection->point_adjusted),
    };
    fill_faults(dataset, places, detection, result);
}

void scored_timeline_detect(const struct scored_timeline *timeline, struct detection_result *result)
{
    const struct dataset *dataset = timeline->dataset;
    size_t fault_count;
    size_t *places = own_faults(timeline, &fault_count);
    struct detection_fault *faults = memory_new(fault_count, sizeof *faults);
    struct detection_input input = {
        .faults = faults, .fault_count = fault_count, .threshold = ALARM_SCORE};
    struct detection_observation *observations =
        make_observations(timeline, &input.observation_count);
    struct detection detection;
    struct error error = {0};

    for (size_t i = 0; i < fault_count; i++) {
        const struct dataset_fault *fault = &dataset->faults[places[i]];

        faults[i] = (struct detection_fault){fault->experiment, fault->applied_ns, fault->gone_ns,
                                             fault->cool_down_end_ns};
    }
    input.observations = observations;
    if (detection_make(&input, &detection, &error) == 0) {
        fill_result(dataset, places, fault_count, &detection, result);
        detection_free(&detection);
    } else {
        scored_timeline_none(result, error.what);
    }
    free(places);
    free(faults);
    free(observations);
}
