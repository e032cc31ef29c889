#include "analysis/report_detection.h"
#include "analysis/report_json.h"

static json_t *count_value(size_t count)
{
    return json_integer((json_int_t)count);
}

static json_t *scores_value(const struct detection_scores *scores)
{
    json_t *object = json_object();

    json_object_set_new(object, "precision", report_json_number(scores->precision));
    json_object_set_new(object, "recall", report_json_number(scores->recall));
    json_object_set_new(object, "f1", report_json_number(scores->f1));
    return object;
}

static json_t *fault_value(const struct fault_detection *fault)
{
    json_t *object = json_object();
    json_t *metrics = json_array();

    json_object_set_new(object, "experiment", report_json_string(fault->experiment));
    json_object_set_new(object, "fault_type", report_json_string(fault->fault_type));
    json_object_set_new(object, "intensity", report_json_string(fault->intensity));
    json_object_set_new(object, "verdict", report_json_string(fault->verdict));
    json_object_set_new(object, "delay_s", report_json_number(fault->delay_s));
    json_object_set_new(object, "stays_s", report_json_number(fault->stays_s));
    json_object_set_new(object, "alarmed_before", json_boolean(fault->alarmed_before != 0));
    json_object_set_new(object, "resource_group", report_json_string(fault->resource_group));
    json_object_set_new(object, "right_group_rank",
                        fault->right_group_rank > 0 ? count_value(fault->right_group_rank)
                                                    : json_null());
    for (size_t i = 0; i < fault->metric_count; i++) {
        json_t *metric = json_object();

        json_object_set_new(metric, "metric", report_json_string(fault->metrics[i].metric));
        json_object_set_new(metric, "share", report_json_number(fault->metrics[i].share));
        json_array_append_new(metrics, metric);
    }
    json_object_set_new(object, "metrics", metrics);
    return object;
}

json_t *report_json_detection(const struct detection_result *detection)
{
    json_t *object = json_object();
    json_t *faults = json_array();

    json_object_set_new(object, "unavailable", report_json_string(detection->unavailable));
    json_object_set_new(object, "found", count_value(detection->found));
    json_object_set_new(object, "missed", count_value(detection->missed));
    json_object_set_new(object, "unknown", count_value(detection->unknown));
    json_object_set_new(object, "median_delay_s", report_json_number(detection->median_delay_s));
    json_object_set_new(object, "false_alarms", count_value(detection->false_alarms));
    json_object_set_new(object, "nominal_s", report_json_number(detection->nominal_s));
    json_object_set_new(object, "false_alarms_per_day",
                        report_json_number(detection->false_alarms_per_day));
    json_object_set_new(object, "plain", scores_value(&detection->plain));
    json_object_set_new(object, "point_adjusted", scores_value(&detection->point_adjusted));
    for (size_t i = 0; i < detection->fault_count; i++)
        json_array_append_new(faults, fault_value(&detection->faults[i]));
    json_object_set_new(object, "faults", faults);
    return object;
}

json_t *report_json_propagation(const struct evaluation *evaluation)
{
    json_t *cells = json_array();

    for (size_t i = 0; evaluation != NULL && i < evaluation->propagation_count; i++) {
        const struct propagation_cell *cell = &evaluation->propagation[i];
        json_t *object = json_object();

        json_object_set_new(object, "faulty", report_json_string(cell->faulty));
        json_object_set_new(object, "seen_from", report_json_string(cell->seen_from));
        json_object_set_new(object, "observed", count_value(cell->observed));
        json_object_set_new(object, "seen", count_value(cell->seen));
        json_object_set_new(object, "median_delay_s", report_json_number(cell->median_delay_s));
        json_object_set_new(object, "first", count_value(cell->first));
        json_object_set_new(object, "tied", count_value(cell->tied));
        json_array_append_new(cells, object);
    }
    return cells;
}

json_t *report_json_localisation(const struct localisation_result *localisation)
{
    json_t *object = json_object();

    json_object_set_new(object, "right", count_value(localisation->right));
    json_object_set_new(object, "tied", count_value(localisation->tied));
    json_object_set_new(object, "wrong", count_value(localisation->wrong));
    json_object_set_new(object, "unseen", count_value(localisation->unseen));
    return object;
}
