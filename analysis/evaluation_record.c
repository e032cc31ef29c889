#include "analysis/evaluation_record.h"

#include "analysis/evaluation.h"

#define END                                                                                        \
    {                                                                                              \
        NULL, FIELD_COUNT, 0, 0, NULL                                                              \
    }
#define VALUE(type, kind, member)                                                                  \
    {                                                                                              \
#member, kind, offsetof(struct type, member), 0, NULL                                      \
    }
#define WITHIN(type, member, record)                                                               \
    {                                                                                              \
#member, FIELD_OBJECT, offsetof(struct type, member), 0, record                            \
    }
#define ITEMS(type, kind, member, count, record)                                                   \
    {                                                                                              \
#member, kind, offsetof(struct type, member), offsetof(struct type, count), record         \
    }

static const struct record curve_record = {
    sizeof(struct curve),
    (const struct field[]){
        ITEMS(curve, FIELD_REALS, x, count, NULL),
        ITEMS(curve, FIELD_REALS_ALIKE, y, count, NULL),
        ITEMS(curve, FIELD_REALS_ALIKE, thresholds, count, NULL),
        VALUE(curve, FIELD_REAL, area),
        END,
    },
};

static const struct record fold_record = {
    sizeof(struct fold_figure),
    (const struct field[]){
        VALUE(fold_figure, FIELD_REAL, mean),
        VALUE(fold_figure, FIELD_REAL, deviation),
        VALUE(fold_figure, FIELD_COUNT, folds),
        END,
    },
};

static const struct record interval_record = {
    sizeof(struct interval),
    (const struct field[]){
        VALUE(interval, FIELD_REAL, lower),
        VALUE(interval, FIELD_REAL, upper),
        VALUE(interval, FIELD_COUNT, resamples),
        END,
    },
};

static const struct record class_record = {
    sizeof(struct class_result),
    (const struct field[]){
        VALUE(class_result, FIELD_TEXT, name),
        VALUE(class_result, FIELD_COUNT, positives),
        VALUE(class_result, FIELD_COUNT, negatives),
        WITHIN(class_result, roc_auc, &fold_record),
        WITHIN(class_result, pr_auc, &fold_record),
        WITHIN(class_result, fold_average_precision, &fold_record),
        VALUE(class_result, FIELD_REAL, average_precision),
        WITHIN(class_result, roc_auc_interval, &interval_record),
        WITHIN(class_result, average_precision_interval, &interval_record),
        VALUE(class_result, FIELD_REAL, brier),
        VALUE(class_result, FIELD_REAL, f1),
        VALUE(class_result, FIELD_REAL, best_f1),
        VALUE(class_result, FIELD_REAL, best_threshold),
        VALUE(class_result, FIELD_COUNT, true_positives),
        VALUE(class_result, FIELD_COUNT, false_positives),
        VALUE(class_result, FIELD_COUNT, true_negatives),
        VALUE(class_result, FIELD_COUNT, false_negatives),
        WITHIN(class_result, roc, &curve_record),
        WITHIN(class_result, precision_recall, &curve_record),
        END,
    },
};

static const struct record share_record = {
    sizeof(struct metric_share),
    (const struct field[]){
        VALUE(metric_share, FIELD_TEXT, metric),
        VALUE(metric_share, FIELD_REAL, share),
        END,
    },
};

static const struct record deviation_record = {
    sizeof(struct group_deviation),
    (const struct field[]){
        VALUE(group_deviation, FIELD_TEXT, resource_group),
        VALUE(group_deviation, FIELD_REAL, ratio),
        ITEMS(group_deviation, FIELD_LIST, metrics, metric_count, &share_record),
        END,
    },
};

static const struct record fault_record = {
    sizeof(struct fault_detection),
    (const struct field[]){
        VALUE(fault_detection, FIELD_TEXT, experiment),
        VALUE(fault_detection, FIELD_TEXT, fault_type),
        VALUE(fault_detection, FIELD_TEXT, intensity),
        VALUE(fault_detection, FIELD_TEXT, verdict),
        VALUE(fault_detection, FIELD_REAL, delay_s),
        VALUE(fault_detection, FIELD_REAL, stays_s),
        VALUE(fault_detection, FIELD_COUNT, alarmed_before),
        VALUE(fault_detection, FIELD_OPTIONAL_TEXT, resource_group),
        VALUE(fault_detection, FIELD_COUNT, right_group_rank),
        ITEMS(fault_detection, FIELD_LIST, metrics, metric_count, &share_record),
        ITEMS(fault_detection, FIELD_LIST, groups, group_count, &deviation_record),
        END,
    },
};

static const struct record scores_record = {
    sizeof(struct detection_scores),
    (const struct field[]){
        VALUE(detection_scores, FIELD_REAL, precision),
        VALUE(detection_scores, FIELD_REAL, recall),
        VALUE(detection_scores, FIELD_REAL, f1),
        END,
    },
};

static const struct record seen_record = {
    sizeof(struct seen_fault),
    (const struct field[]){
        VALUE(seen_fault, FIELD_TEXT, experiment),
        VALUE(seen_fault, FIELD_TEXT, target),
        VALUE(seen_fault, FIELD_TEXT, verdict),
        VALUE(seen_fault, FIELD_REAL, delay_s),
        END,
    },
};

static const struct record group_series_record = {
    sizeof(struct group_series),
    (const struct field[]){
        VALUE(group_series, FIELD_TEXT, resource_group),
        ITEMS(group_series, FIELD_REALS, ratios, count, NULL),
        END,
    },
};

static const struct record series_record = {
    sizeof(struct score_series),
    (const struct field[]){
        VALUE(score_series, FIELD_TEXT, experiment),
        ITEMS(score_series, FIELD_REALS, times_s, count, NULL),
        ITEMS(score_series, FIELD_REALS_ALIKE, scores, count, NULL),
        ITEMS(score_series, FIELD_LIST, groups, group_count, &group_series_record),
        END,
    },
};

static const struct record detection_record = {
    sizeof(struct detection_result),
    (const struct field[]){
        VALUE(detection_result, FIELD_OPTIONAL_TEXT, unavailable),
        VALUE(detection_result, FIELD_REAL, threshold),
        VALUE(detection_result, FIELD_COUNT, found),
        VALUE(detection_result, FIELD_COUNT, missed),
        VALUE(detection_result, FIELD_COUNT, unknown),
        VALUE(detection_result, FIELD_REAL, median_delay_s),
        VALUE(detection_result, FIELD_COUNT, false_alarms),
        VALUE(detection_result, FIELD_REAL, nominal_s),
        VALUE(detection_result, FIELD_REAL, false_alarms_per_day),
        WITHIN(detection_result, plain, &scores_record),
        WITHIN(detection_result, point_adjusted, &scores_record),
        ITEMS(detection_result, FIELD_LIST, faults, fault_count, &fault_record),
        ITEMS(detection_result, FIELD_LIST, seen, seen_count, &seen_record),
        ITEMS(detection_result, FIELD_LIST, series, series_count, &series_record),
        END,
    },
};

static const struct record split_record = {
    sizeof(struct split_result),
    (const struct field[]){
        VALUE(split_result, FIELD_TEXT, name),
        VALUE(split_result, FIELD_COUNT, folds),
        VALUE(split_result, FIELD_OPTIONAL_TEXT, unavailable),
        ITEMS(split_result, FIELD_TEXTS, labels, label_count, NULL),
        ITEMS(split_result, FIELD_MATRIX, confusion, label_count, NULL),
        ITEMS(split_result, FIELD_LIST, classes, class_count, &class_record),
        WITHIN(split_result, detection, &detection_record),
        END,
    },
};

static const struct record importance_record = {
    sizeof(struct metric_importance),
    (const struct field[]){
        VALUE(metric_importance, FIELD_TEXT, metric),
        VALUE(metric_importance, FIELD_TEXT, resource_group),
        VALUE(metric_importance, FIELD_REAL, importance),
        VALUE(metric_importance, FIELD_REAL, permutation),
        END,
    },
};

static const struct record label_record = {
    sizeof(struct label_count),
    (const struct field[]){
        VALUE(label_count, FIELD_TEXT, label),
        VALUE(label_count, FIELD_COUNT, observations),
        VALUE(label_count, FIELD_COUNT, used),
        END,
    },
};

static const struct record target_record = {
    sizeof(struct target_result),
    (const struct field[]){
        VALUE(target_result, FIELD_TEXT, target),
        VALUE(target_result, FIELD_OPTIONAL_TEXT, unavailable),
        VALUE(target_result, FIELD_COUNT, observations),
        VALUE(target_result, FIELD_COUNT, metrics),
        VALUE(target_result, FIELD_COUNT, constant_metrics),
        VALUE(target_result, FIELD_COUNT, experiments),
        VALUE(target_result, FIELD_COUNT, first_observations),
        VALUE(target_result, FIELD_COUNT, counter_resets),
        VALUE(target_result, FIELD_COUNT, missing_values),
        ITEMS(target_result, FIELD_LIST, labels, label_count, &label_record),
        ITEMS(target_result, FIELD_LIST, splits, split_count, &split_record),
        ITEMS(target_result, FIELD_LIST, importance, importance_count, &importance_record),
        END,
    },
};

static const struct record setting_record = {
    sizeof(struct evaluation_setting),
    (const struct field[]){
        VALUE(evaluation_setting, FIELD_OPTIONAL_TEXT, detector),
        VALUE(evaluation_setting, FIELD_INTEGER, trees),
        VALUE(evaluation_setting, FIELD_INTEGER, folds),
        VALUE(evaluation_setting, FIELD_INTEGER, seed),
        VALUE(evaluation_setting, FIELD_FLAG, balanced),
        WITHIN(evaluation_setting, pipeline, &pipeline_record),
        VALUE(evaluation_setting, FIELD_REAL, threshold),
        VALUE(evaluation_setting, FIELD_OPTIONAL_TEXT, target),
        VALUE(evaluation_setting, FIELD_OPTIONAL_TEXT, trained_on),
        END,
    },
};

static const struct record propagation_record = {
    sizeof(struct propagation_cell),
    (const struct field[]){
        VALUE(propagation_cell, FIELD_TEXT, faulty),
        VALUE(propagation_cell, FIELD_TEXT, seen_from),
        VALUE(propagation_cell, FIELD_COUNT, observed),
        VALUE(propagation_cell, FIELD_COUNT, seen),
        VALUE(propagation_cell, FIELD_REAL, median_delay_s),
        VALUE(propagation_cell, FIELD_COUNT, first),
        VALUE(propagation_cell, FIELD_COUNT, tied),
        END,
    },
};

static const struct record localisation_record = {
    sizeof(struct localisation_result),
    (const struct field[]){
        VALUE(localisation_result, FIELD_COUNT, right),
        VALUE(localisation_result, FIELD_COUNT, tied),
        VALUE(localisation_result, FIELD_COUNT, wrong),
        VALUE(localisation_result, FIELD_COUNT, unseen),
        END,
    },
};

const struct record evaluation_record = {
    sizeof(struct evaluation),
    (const struct field[]){
        WITHIN(evaluation, setting, &setting_record),
        VALUE(evaluation, FIELD_INTEGER, run_ended_ns),
        ITEMS(evaluation, FIELD_LIST, targets, target_count, &target_record),
        ITEMS(evaluation, FIELD_LIST, propagation, propagation_count, &propagation_record),
        WITHIN(evaluation, localisation, &localisation_record),
        END,
    },
};
