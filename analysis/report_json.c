#include "analysis/report_json.h"

#include <math.h>
#include <string.h>

#include "analysis/report.h"
#include "analysis/report_text.h"
#include "analysis/run_summary.h"
#include "analysis/service_course.h"

json_t *report_json_string(const char *string)
{
    struct text text = {0};
    json_t *value;

    if (string == NULL)
        return json_null();
    append_line(&text, string, SIZE_MAX);
    value = json_string(text_string(&text));
    text_free(&text);
    return value;
}

json_t *report_json_number(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

/* Seconds after the experiment's measurement began; null without the edge. */
static json_t *edge_value(const struct report_experiment *experiment, int64_t instant_ns)
{
    return instant_ns > 0 ? json_real((double)(instant_ns - experiment->origin_ns) / 1e9)
                          : json_null();
}

static json_t *service_value(const struct service_figures *figures, const char *transaction)
{
    json_t *object = json_object();
    json_t *causes = json_object();

    json_object_set_new(object, "calls_created", json_integer(figures->created));
    json_object_set_new(object, "calls_succeeded", json_integer(figures->succeeded));
    json_object_set_new(object, "calls_failed", json_integer(figures->failed));
    json_object_set_new(object, "failed_share", report_json_number(service_failure_share(figures)));
    json_object_set_new(object, "response_time_s",
                        report_json_number(service_response_time(figures, transaction)));
    json_object_set_new(object, "offered_rate", report_json_number(service_offered_rate(figures)));
    json_object_set_new(object, "achieved_rate",
                        report_json_number(service_achieved_rate(figures)));
    json_object_set_new(object, "retransmissions", json_integer(figures->retransmissions));
    for (size_t i = 0; i < figures->cause_count; i++) {
        struct text name = {0};

        append_line(&name, figures->causes[i].name, SIZE_MAX);
        json_object_set_new(causes, text_string(&name), json_integer(figures->causes[i].calls));
        text_free(&name);
    }
    json_object_set_new(object, "failures_by_cause", causes);
    return object;
}

static json_t *injection_value(const struct report_experiment *experiment,
                               const struct report_injection *injection, const char *transaction)
{
    const struct stored_injection *stored = &injection->stored;
    json_t *object = json_object();
    json_t *edges = json_object();
    json_t *impact = json_object();

    json_object_set_new(object, "target", report_json_string(stored->target));
    json_object_set_new(object, "fault_type", report_json_string(stored->fault_type));
    json_object_set_new(object, "intensity", report_json_string(stored->intensity));
    json_object_set_new(object, "requested", report_json_number(stored->requested));
    json_object_set_new(object, "achieved", report_json_number(stored->achieved));
    json_object_set_new(object, "unit", report_json_string(stored->unit));
    json_object_set_new(object, "mechanism", report_json_string(stored->mechanism));
    json_object_set_new(object, "state", report_json_string(stored->state));
    json_object_set_new(object, "phantom", json_boolean(stored->phantom));
    json_object_set_new(edges, "start_commanded",
                        edge_value(experiment, stored->start_commanded_ns));
    json_object_set_new(edges, "applied", edge_value(experiment, stored->applied_ns));
    json_object_set_new(edges, "verified", edge_value(experiment, stored->verified_ns));
    json_object_set_new(edges, "end_commanded", edge_value(experiment, stored->end_commanded_ns));
    json_object_set_new(edges, "gone", edge_value(experiment, stored->gone_ns));
    json_object_set_new(edges, "error", json_real((double)stored->edge_error_ns / 1e9));
    json_object_set_new(object, "edges_s", edges);
    for (int phase = 0; phase < IMPACT_PHASES; phase++)
        json_object_set_new(impact, impact_phase_names[phase],
                            service_value(&injection->impact.figures[phase], transaction));
    json_object_set_new(object, "impact", impact);
    return object;
}

/* Null for what is not known. */
static void add_recovery(json_t *injection, const struct service_recovery *recovery)
{
    bool is_known = !isnan(recovery->seconds);

    json_object_set_new(injection, "time_to_recover_s", report_json_number(recovery->seconds));
    json_object_set_new(injection, "recovered",
                        is_known ? json_boolean(recovery->is_over) : json_null());
}

static json_t *experiment_value(const struct report_experiment *experiment,
                                const struct service_course *course, const char *transaction)
{
    const struct stored_experiment *stored = &experiment->stored;
    json_t *object = json_object();
    json_t *injections = json_array();

    json_object_set_new(object, "cell", json_integer(stored->cell));
    json_object_set_new(object, "attempt", json_integer(stored->attempt));
    json_object_set_new(object, "name", report_json_string(stored->name));
    json_object_set_new(object, "target", report_json_string(stored->target));
    json_object_set_new(object, "fault_type", report_json_string(stored->fault_type));
    json_object_set_new(object, "intensity", report_json_string(stored->intensity));
    json_object_set_new(object, "repetition", json_integer(stored->repetition));
    json_object_set_new(object, "verdict",
                        json_string(report_verdict_names[report_verdict_of(experiment)]));
    json_object_set_new(object, "reason", report_json_string(stored->reason));
    json_object_set_new(object, "note", report_json_string(stored->note));
    json_object_set_new(object, "service", service_value(&experiment->figures, transaction));
    json_object_set_new(object, "availability", report_json_number(course->availability));
    for (size_t i = 0; i < experiment->injection_count; i++) {
        json_t *injection = injection_value(experiment, &experiment->injections[i], transaction);

        add_recovery(injection, &course->recoveries[i]);
        json_array_append_new(injections, injection);
    }
    json_object_set_new(object, "injections", injections);
    return object;
}

static json_t *fold_value(const struct fold_figure *figure)
{
    json_t *object = json_object();

    json_object_set_new(object, "mean", report_json_number(figure->mean));
    json_object_set_new(object, "deviation", report_json_number(figure->deviation));
    json_object_set_new(object, "folds", json_integer((json_int_t)figure->folds));
    return object;
}

static json_t *interval_value(const struct interval *interval)
{
    json_t *bounds = json_array();

    json_array_append_new(bounds, report_json_number(interval->lower));
    json_array_append_new(bounds, report_json_number(interval->upper));
    return bounds;
}

static json_t *split_value(const struct split_result *split)
{
    json_t *object = json_object();
    json_t *classes = json_array();

    json_object_set_new(object, "name", report_json_string(split->name));
    json_object_set_new(object, "unavailable", report_json_string(split->unavailable));
    for (size_t i = 0; i < split->class_count; i++) {
        const struct class_result *class = &split->classes[i];
        json_t *item = json_object();

        json_object_set_new(item, "name", report_json_string(class->name));
        json_object_set_new(item, "positives", json_integer((json_int_t) class->positives));
        json_object_set_new(item, "negatives", json_integer((json_int_t) class->negatives));
        json_object_set_new(item, "roc_auc", fold_value(&class->roc_auc));
        json_object_set_new(item, "pr_auc", fold_value(&class->pr_auc));
        json_object_set_new(item, "average_precision", fold_value(&class->fold_average_precision));
        json_object_set_new(item, "pooled_roc_auc", report_json_number(class->roc.area));
        json_object_set_new(item, "pooled_pr_auc",
                            report_json_number(class->precision_recall.area));
        json_object_set_new(item, "pooled_average_precision",
                            report_json_number(class->average_precision));
        json_object_set_new(item, "roc_auc_interval", interval_value(&class->roc_auc_interval));
        json_object_set_new(item, "average_precision_interval",
                            interval_value(&class->average_precision_interval));
        json_object_set_new(item, "brier", report_json_number(class->brier));
        json_object_set_new(item, "f1", report_json_number(class->f1));
        json_array_append_new(classes, item);
    }
    json_object_set_new(object, "classes", classes);
    json_object_set_new(object, "detection", report_json_detection(&split->detection));
    return object;
}

static json_t *detectors_value(const struct evaluation *evaluation)
{
    json_t *targets = json_array();

    for (size_t i = 0; evaluation != NULL && i < evaluation->target_count; i++) {
        const struct target_result *target = &evaluation->targets[i];
        json_t *item = json_object();
        json_t *splits = json_array();

        json_object_set_new(item, "target", report_json_string(target->target));
        json_object_set_new(item, "observations", json_integer((json_int_t)target->observations));
        json_object_set_new(item, "metrics", json_integer((json_int_t)target->metrics));
        for (size_t j = 0; j < target->split_count; j++)
            json_array_append_new(splits, split_value(&target->splits[j]));
        json_object_set_new(item, "splits", splits);
        json_array_append_new(targets, item);
    }
    return targets;
}

/* Without an evaluation nothing is in the lists, and no detector or localisation is known. */
static void append_evaluation(json_t *root, const struct evaluation *evaluation)
{
    json_object_set_new(
        root, "detector",
        report_json_string(evaluation != NULL ? evaluation->setting.detector : NULL));
    json_object_set_new(root, "detectors", detectors_value(evaluation));
    json_object_set_new(root, "propagation", report_json_propagation(evaluation));
    json_object_set_new(root, "localisation",
                        evaluation != NULL && evaluation->propagation_count > 0
                            ? report_json_localisation(&evaluation->localisation)
                            : json_null());
}

static json_t *run_value(const struct report_run *run)
{
    json_t *object = json_object();
    json_t *counts = json_object();

    json_object_set_new(object, "name", report_json_string(run->run.name));
    json_object_set_new(object, "state", report_json_string(run->run.state));
    json_object_set_new(object, "time_scale", report_json_string(run->run.time_scale));
    json_object_set_new(object, "version", report_json_string(run->run.version));
    for (int verdict = 0; verdict < REPORT_VERDICTS; verdict++)
        json_object_set_new(
            counts, report_verdict_names[verdict],
            json_integer((json_int_t)report_count(run, (enum report_verdict)verdict)));
    json_object_set_new(object, "experiments", counts);
    return object;
}

static json_t *experiments_value(const struct report_run *run, const struct service_course *courses)
{
    const char *transaction = report_main_transaction(run);
    json_t *experiments = json_array();

    for (size_t i = 0; i < run->experiment_count; i++)
        json_array_append_new(experiments,
                              experiment_value(&run->experiments[i], &courses[i], transaction));
    return experiments;
}

static int print_json(const struct report_source *source, const struct service_course *courses,
                      FILE *stream, struct error *error)
{
    json_t *root = json_object();
    int result = 0;

    json_object_set_new(root, "run", run_value(source->run));
    json_object_set_new(root, "response_transaction",
                        report_json_string(report_main_transaction(source->run)));
    json_object_set_new(root, "experiments", experiments_value(source->run, courses));
    append_evaluation(root, source->evaluation);
    json_object_set_new(root, "no_evaluation", report_json_string(source->no_evaluation));
    if (json_dumpf(root, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) < 0 ||
        fputc('\n', stream) == EOF)
        result = error_system(error, ERROR_INTERNAL, "can't write the summary");
    json_decref(root);
    return result;
}

int report_print_json(const struct report_source *source, FILE *stream, struct error *error)
{
    struct service_course *courses;
    int result = service_courses_read(source->store, source->run, run_failure_bound(source->run),
                                      &courses, error);

    if (result == 0)
        result = print_json(source, courses, stream, error);
    service_courses_free(courses, source->run);
    return result;
}
