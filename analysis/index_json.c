#include "analysis/report_json.h"
#include "analysis/run_index.h"
#include "base/clock.h"

static json_t *calls_value(const struct summary_calls *calls)
{
    json_t *object = json_object();

    json_object_set_new(object, "ended", json_integer(calls->ended));
    json_object_set_new(object, "failed", json_integer(calls->failed));
    json_object_set_new(object, "failed_share", report_json_number(summary_failed_share(calls)));
    return object;
}

static json_t *figure_value(const struct index_figure *figure)
{
    json_t *object = json_object();

    json_object_set_new(object, "value", report_json_number(figure->value));
    json_object_set_new(object, "lower", report_json_number(figure->lower));
    json_object_set_new(object, "upper", report_json_number(figure->upper));
    return object;
}

/* By name; a figure without values is null. */
static json_t *figures_value(const struct compared_group *group)
{
    json_t *object = json_object();

    for (size_t i = 0; i < FIGURES_OF_EXPERIMENTS; i++) {
        struct index_figure figure = index_figure_of(group, i);
        size_t count = group->samples[COMPARED_BASE][i].count;
        json_t *value = count > 0 ? figure_value(&figure) : json_null();

        if (count > 0)
            json_object_set_new(value, "experiments", json_integer((json_int_t)count));
        json_object_set_new(object, compared_figures[i].name, value);
    }
    return object;
}

/* Of nominal experiments fault type, intensity and target are null. */
static json_t *groups_value(const struct index_run *run)
{
    json_t *list = json_array();

    for (size_t i = 0; i < run->figures.group_count; i++) {
        const struct compared_group *group = &run->figures.groups[i];
        json_t *object = json_object();

        json_object_set_new(object, "fault_type", report_json_string(group->fault_type));
        json_object_set_new(object, "intensity", report_json_string(group->intensity));
        json_object_set_new(object, "target", report_json_string(group->target));
        json_object_set_new(object, "figures", figures_value(group));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *detectors_value(const struct index_run *run)
{
    json_t *list = json_array();

    for (size_t i = 0; i < run->detector_count; i++) {
        const struct index_detector *detector = &run->detectors[i];
        json_t *object = json_object();

        json_object_set_new(object, "target", report_json_string(detector->target));
        json_object_set_new(object, "split", report_json_string(detector->split));
        json_object_set_new(object, "roc-auc", figure_value(&detector->figures[INDEX_ROC]));
        json_object_set_new(object, "average_precision",
                            figure_value(&detector->figures[INDEX_PRECISION]));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *run_value(const struct index_run *run)
{
    const struct run_summary *summary = &run->summary;
    json_t *object = json_object();
    json_t *experiments = json_object();
    char started[32];

    clock_format(run->started_ns, started, sizeof started);
    json_object_set_new(object, "number", json_integer((json_int_t)run->number));
    json_object_set_new(object, "folder", report_json_string(run->name));
    json_object_set_new(object, "campaign", report_json_string(run->campaign));
    json_object_set_new(object, "testbed", report_json_string(run->testbed));
    json_object_set_new(object, "testbed_file", report_json_string(run->testbed_file));
    json_object_set_new(object, "time_scale", report_json_string(run->time_scale));
    json_object_set_new(object, "started", json_string(started));
    json_object_set_new(object, "duration_s",
                        summary->duration_ns > 0
                            ? json_real((double)summary->duration_ns / (double)CLOCK_SECOND)
                            : json_null());
    json_object_set_new(object, "verdict", json_string(run_verdict_names[summary->verdict]));
    for (int i = 0; i < REPORT_VERDICTS; i++)
        json_object_set_new(experiments, report_verdict_names[i],
                            json_integer((json_int_t)summary->experiments[i]));
    json_object_set_new(object, "experiments", experiments);
    json_object_set_new(object, "nominal_calls", calls_value(&summary->nominal));
    json_object_set_new(object, "fault_calls", calls_value(&summary->fault));
    json_object_set_new(object, "availability", report_json_number(summary->availability));
    json_object_set_new(object, "groups", groups_value(run));
    json_object_set_new(object, "detectors", detectors_value(run));
    json_object_set_new(object, "no_evaluation", report_json_string(run->no_evaluation));
    return object;
}

void run_index_print_json(const struct run_index *index, FILE *stream)
{
    json_t *object = json_object();
    json_t *runs = json_array();
    json_t *unread = json_array();

    for (size_t i = 0; i < index->run_count; i++)
        json_array_append_new(runs, run_value(&index->runs[i]));
    for (size_t i = 0; i < index->unread_count; i++) {
        json_t *item = json_object();

        json_object_set_new(item, "folder", report_json_string(index->unread[i].name));
        json_object_set_new(item, "why", report_json_string(index->unread[i].why));
        json_array_append_new(unread, item);
    }
    json_object_set_new(object, "runs", runs);
    json_object_set_new(object, "unread", unread);
    json_dumpf(object, stream, JSON_INDENT(2));
    fputc('\n', stream);
    json_decref(object);
}
