#include "analysis/evaluation_timeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detection.h"
#include "analysis/explanation.h"
#include "analysis/quantile.h"
#include "base/memory.h"

static enum detection_kind kind_of(size_t label)
{
    if (label == DATASET_NONE)
        return DETECTION_LEFT_OUT;
    return label == 0 ? DETECTION_NOMINAL : DETECTION_FAULT;
}

static const char *const verdicts[] = {
    [DETECTION_UNKNOWN] = "unknown", [DETECTION_MISSED] = "missed", [DETECTION_FOUND] = "found"};

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

static bool is_tested(const struct scored_timeline *scored, int64_t experiment)
{
    for (size_t i = 0; i < scored->dataset->timeline.rows; i++) {
        if (scored->fold[i] != DATASET_NONE &&
            scored->dataset->timeline.experiments[i] == experiment)
            return true;
    }
    return false;
}

static void list_faults(struct scored_timeline *scored)
{
    const struct dataset *dataset = scored->dataset;

    scored->faults = memory_new(dataset->fault_count, sizeof *scored->faults);
    scored->fault_count = 0;
    for (size_t i = 0; i < dataset->fault_count; i++) {
        if ((dataset->faults[i].in_load ||
             strcmp(dataset->faults[i].target, dataset->target) == 0) &&
            is_tested(scored, dataset->faults[i].experiment))
            scored->faults[scored->fault_count++] = i;
    }
    scored->detections = memory_new(scored->fault_count, sizeof *scored->detections);
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
    list_faults(timeline);
    group_ratios_open(dataset, &timeline->ratios);
}

static void free_shares(struct metric_share *shares, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(shares[i].metric);
    free(shares);
}

static void free_explanation(struct fault_detection *detection)
{
    free_shares(detection->metrics, detection->metric_count);
    free(detection->resource_group);
    for (size_t i = 0; i < detection->group_count; i++) {
        free_shares(detection->groups[i].metrics, detection->groups[i].metric_count);
        free(detection->groups[i].resource_group);
    }
    free(detection->groups);
}

void scored_timeline_close(struct scored_timeline *timeline)
{
    free(timeline->fold);
    free(timeline->scores);
    group_ratios_close(&timeline->ratios);
    free(timeline->faults);
    for (size_t i = 0; timeline->detections != NULL && i < timeline->fault_count; i++)
        free_explanation(&timeline->detections[i]);
    free(timeline->detections);
}

/* Rows wholly inside the fault, among those at `places`. */
static size_t rows_inside(const struct scored_timeline *scored, const struct dataset_fault *fault,
                          const size_t *places, size_t count, size_t *rows)
{
    const struct dataset_timeline *timeline = &scored->dataset->timeline;
    size_t inside = 0;

    for (size_t i = 0; i < count; i++) {
        size_t place = places[i];

        if (timeline->experiments[place] == fault->experiment &&
            kind_of(timeline->labels[place]) == DETECTION_FAULT &&
            timeline->times_ns[place] >= fault->applied_ns &&
            timeline->times_ns[place] <= fault->gone_ns)
            rows[inside++] = i;
    }
    return inside;
}

static struct metric_share *keep_shares(const struct explanation *explanation)
{
    struct metric_share *shares = memory_new(explanation->metric_count, sizeof *shares);

    for (size_t i = 0; i < explanation->metric_count; i++)
        shares[i] = (struct metric_share){memory_string(explanation->metrics[i].metric),
                                          explanation->metrics[i].share};
    return shares;
}

/* Takes the groups apart. */
static void keep_groups(struct explanation *groups, size_t count, struct fault_detection *detection)
{
    detection->groups = memory_new(count, sizeof *detection->groups);
    detection->group_count = count;
    for (size_t i = 0; i < count; i++) {
        detection->groups[i] = (struct group_deviation){
            .resource_group = memory_string(groups[i].resource_group),
            .ratio = groups[i].ratio,
            .metrics = keep_shares(&groups[i]),
            .metric_count = groups[i].metric_count,
        };
        explanation_free(&groups[i]);
    }
    free(groups);
}

static void keep_explanation(const struct explanation *explanation,
                             struct fault_detection *detection)
{
    detection->resource_group = memory_string(explanation->resource_group);
    detection->right_group_rank = explanation->right_group_rank;
    detection->metric_count = explanation->metric_count;
    detection->metrics = keep_shares(explanation);
}

/* What the model makes of each fault in the fold whose rows are at `places`. */
static void explain_faults(struct scored_timeline *scored, const struct model *model,
                           const size_t *places, size_t count)
{
    double *errors = memory_new(count * model->preprocess.kept, sizeof *errors);
    size_t *rows = memory_new(count, sizeof *rows);

    model_errors(model, &scored->dataset->timeline, places, count, errors);
    group_ratios_set(&scored->ratios, model, places, count, errors);
    for (size_t i = 0; i < scored->fault_count; i++) {
        const struct dataset_fault *fault = &scored->dataset->faults[scored->faults[i]];
        size_t inside = rows_inside(scored, fault, places, count, rows);
        struct explanation explanation;
        struct explanation *groups;
        size_t group_count;

        if (inside == 0)
            continue;
        explanation_make(model, errors, rows, inside, fault->type, &explanation);
        keep_explanation(&explanation, &scored->detections[i]);
        explanation_free(&explanation);
        groups = explanation_of_groups(model, errors, rows, inside, &group_count);
        keep_groups(groups, group_count, &scored->detections[i]);
    }
    free(errors);
    free(rows);
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
    if (model->detector->errors != NULL)
        explain_faults(timeline, model, places, count);
    free(places);
    free(scores);
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

static struct detection_scores scores_of(const struct detection_quality *quality)
{
    return (struct detection_scores){quality->precision, quality->recall, quality->f1};
}

static void fill_faults(struct scored_timeline *scored, const struct detection *detection)
{
    for (size_t i = 0; i < scored->fault_count; i++) {
        const struct dataset_fault *fault = &scored->dataset->faults[scored->faults[i]];
        const struct detection_outcome *outcome = &detection->outcomes[i];
        struct fault_detection *kept = &scored->detections[i];

        kept->experiment = memory_string(fault->experiment_name);
        kept->fault_type = memory_string(fault->type);
        kept->intensity = memory_string(fault->intensity);
        kept->verdict = memory_string(verdicts[outcome->verdict]);
        kept->delay_s = outcome->delay_s;
        kept->stays_s = outcome->stays_s;
        kept->alarmed_before = outcome->alarmed_before;
    }
}

void scored_timeline_none(struct detection_result *result, const char *why)
{
    *result = (struct detection_result){
        .unavailable = memory_string(why),
        .threshold = NAN,
        .median_delay_s = NAN,
        .nominal_s = NAN,
        .false_alarms_per_day = NAN,
        .plain = {NAN, NAN, NAN},
        .point_adjusted = {NAN, NAN, NAN},
    };
}

/* Of the faults found; NaN if there are none. */
static double median_delay(const struct detection *detection, size_t fault_count)
{
    double *delays = memory_new(fault_count, sizeof *delays);
    size_t count = 0;
    double median = NAN;

    for (size_t i = 0; i < fault_count; i++) {
        if (isfinite(detection->outcomes[i].delay_s))
            delays[count++] = detection->outcomes[i].delay_s;
    }
    if (count > 0) {
        quantile_sort(delays, count);
        median = quantile_of_sorted(delays, count, 0.5);
    }
    free(delays);
    return median;
}

/* The detections become the result's. */
static void fill_result(struct scored_timeline *scored, const struct detection *detection,
                        struct detection_result *result)
{
    fill_faults(scored, detection);
    *result = (struct detection_result){
        .faults = scored->detections,
        .fault_count = scored->fault_count,
        .found = detection->found,
        .missed = detection->missed,
        .unknown = detection->unknown,
        .median_delay_s = median_delay(detection, scored->fault_count),
        .false_alarms = detection->false_alarms,
        .nominal_s = detection->nominal_s,
        .false_alarms_per_day = detection->false_alarms_per_day,
        .plain = scores_of(&detection->plain),
        .point_adjusted = scores_of(&detection->point_adjusted),
    };
    scored->detections = NULL;
}

static struct detection_fault window_of(const struct dataset_fault *fault)
{
    return (struct detection_fault){fault->experiment, fault->applied_ns, fault->gone_ns,
                                    fault->cool_down_end_ns};
}

/* The target's own faults, or those of every target, whose places in the data set are `places`. */
static int detect(const struct scored_timeline *scored, const size_t *places, size_t count,
                  double threshold, struct detection *detection, struct error *error)
{
    struct detection_fault *faults = memory_new(count, sizeof *faults);
    struct detection_input input = {.faults = faults, .fault_count = count, .threshold = threshold};
    struct detection_observation *observations =
        make_observations(scored, &input.observation_count);
    int result;

    for (size_t i = 0; i < count; i++)
        faults[i] = window_of(&scored->dataset->faults[places[i]]);
    input.observations = observations;
    result = detection_make(&input, detection, error);
    free(faults);
    free(observations);
    return result;
}

static void fill_seen(const struct scored_timeline *scored, const size_t *places, size_t count,
                      const struct detection *detection, struct detection_result *result)
{
    result->seen = memory_new(count, sizeof *result->seen);
    result->seen_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct dataset_fault *fault = &scored->dataset->faults[places[i]];

        result->seen[i] =
            (struct seen_fault){memory_string(fault->experiment_name), memory_string(fault->target),
                                memory_string(verdicts[detection->outcomes[i].verdict]),
                                detection->outcomes[i].delay_s};
    }
}

/* What this target saw of all faults in tested experiments. */
static void look_around(const struct scored_timeline *scored, double threshold,
                        struct detection_result *result)
{
    const struct dataset *dataset = scored->dataset;
    size_t *places = memory_new(dataset->fault_count, sizeof *places);
    struct detection detection;
    struct error error = {0};
    size_t count = 0;

    for (size_t i = 0; i < dataset->fault_count; i++) {
        if (is_tested(scored, dataset->faults[i].experiment))
            places[count++] = i;
    }
    if (detect(scored, places, count, threshold, &detection, &error) == 0) {
        fill_seen(scored, places, count, &detection, result);
        detection_free(&detection);
    }
    free(places);
}

void scored_timeline_detect(struct scored_timeline *scored, double threshold,
                            struct detection_result *result)
{
    struct detection detection;
    struct error error = {0};

    if (detect(scored, scored->faults, scored->fault_count, threshold, &detection, &error) < 0) {
        scored_timeline_none(result, error.what);
        return;
    }
    fill_result(scored, &detection, result);
    detection_free(&detection);
    result->threshold = threshold;
    look_around(scored, threshold, result);
}

void scored_timeline_keep_series(const struct scored_timeline *scored,
                                 struct detection_result *result)
{
    evaluation_series(scored->dataset, scored->fold, scored->scores, &scored->ratios, result);
}
