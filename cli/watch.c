#include "cli/watch.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "cli/json_values.h"

#define METRICS_SHOWN 3
#define NAMED_FROM 0.5 /* score of a fault type */

static int open_model(const char *path, struct watch *watch, struct error *error)
{
    struct watched *watched = &watch->items[watch->count];

    if (model_read(path, &watched->model, error) < 0)
        return -1;
    watch->count++;
    watched->target = watched->model->target;
    watched->stream = stream_new(watched->model);
    return 0;
}

int watch_open(const char *paths, struct watch *watch, struct error *error)
{
    char *copy = memory_string(paths);
    char *rest = copy;
    char *path;
    size_t most = 1;
    int result = 0;

    for (const char *at = paths; *at != '\0'; at++)
        most += *at == ',';
    watch->items = memory_new(most, sizeof *watch->items);
    while (result == 0 && (path = strsep(&rest, ",")) != NULL)
        result = open_model(path, watch, error);
    free(copy);
    return result;
}

void watch_close(struct watch *watch)
{
    for (size_t i = 0; i < watch->count; i++) {
        stream_free(watch->items[i].stream);
        model_free(watch->items[i].model);
    }
    free(watch->items);
}

static const char *state_of(const struct watched *watched, bool alarm)
{
    if (alarm)
        return "ALARM";
    return watched->alarm ? "clear" : "normal";
}

/* 'memory 12.3: memory.stat.active_anon 37 %, ...' */
static void print_explanation(const struct watched *watched)
{
    struct explanation explanation;

    stream_explain(watched->stream, &explanation);
    if (explanation.resource_group != NULL)
        printf("  %s %.*f:", explanation.resource_group, explanation.ratio >= 100 ? 0 : 1,
               explanation.ratio);
    for (size_t i = 0; i < explanation.metric_count && i < METRICS_SHOWN; i++)
        printf("%s %s %.0f %%", i > 0 ? "," : "", explanation.metrics[i].metric,
               100 * explanation.metrics[i].share);
    if (explanation.metric_count > METRICS_SHOWN)
        printf(", ...");
    explanation_free(&explanation);
}

static void print_text(const struct watched *watched, const struct stream_score *score, bool alarm,
                       const char *experiment, const char *label)
{
    char time[32];
    char duration[32];

    clock_format(score->time_ns, time, sizeof time);
    printf("%s  %-12s %-7s", time, watched->target, state_of(watched, alarm));
    if (isnan(score->score))
        printf("      -");
    else
        printf("  %.3f", score->score);
    if (score->fault_type != NULL)
        printf("  %s %.3f", score->fault_type, score->fault_score);
    if (alarm)
        print_explanation(watched);
    if (watched->alarm && !alarm) {
        clock_format_duration(score->time_ns - watched->alarm_since_ns, duration, sizeof duration);
        printf("  after %s", duration);
    }
    if (experiment != NULL)
        printf("  [%s: %s]", experiment, label);
    putchar('\n');
}

/* All metrics of the set. */
static void add_explanation(const struct watched *watched, json_t *object)
{
    struct explanation explanation;
    json_t *metrics = json_array();

    stream_explain(watched->stream, &explanation);
    for (size_t i = 0; i < explanation.metric_count; i++)
        json_array_append_new(metrics,
                              json_pack("{s:s, s:f}", "metric", explanation.metrics[i].metric,
                                        "share", explanation.metrics[i].share));
    json_object_set_new(object, "resource_group",
                        explanation.resource_group != NULL ? json_string(explanation.resource_group)
                                                           : json_null());
    json_object_set_new(object, "ratio", json_number(explanation.ratio));
    json_object_set_new(object, "metrics", metrics);
    explanation_free(&explanation);
}

static void print_json(const struct watched *watched, const struct stream_score *score, bool alarm,
                       const char *experiment, const char *label)
{
    json_t *object =
        json_pack("{s:I, s:s, s:s, s:o, s:b, s:s?, s:o}", "time_ns", (json_int_t)score->time_ns,
                  "target", watched->target, "detector", watched->model->detector->name, "score",
                  json_number(score->score), "alarm", alarm, "fault_type", score->fault_type,
                  "fault_score", json_number(score->fault_score));

    if (alarm)
        add_explanation(watched, object);
    if (experiment != NULL) {
        json_object_set_new(object, "experiment", json_string(experiment));
        json_object_set_new(object, "label", json_string(label));
    }
    json_dumpf(object, stdout, JSON_COMPACT | JSON_REAL_PRECISION(17));
    putchar('\n');
    json_decref(object);
}

/* Whether the fault type is worth a word. Types that share in the score are likely enough
 * beside each other if there is a fault at all. */
static bool is_named(const struct watched *watched, const struct stream_score *score, bool alarm)
{
    const struct model *model = watched->model;

    return score->fault_score >= NAMED_FROM ||
           (alarm && detector_is_joint(model->detector, &model->setting));
}

void watch_score(struct watch *watch, struct watched *watched, const char *experiment,
                 const char *label)
{
    struct stream_score score;
    bool alarm;

    if (!stream_score_row(watched->stream, &score))
        return;
    alarm = score.score >= watch->threshold; /* not of NaN */
    if (!is_named(watched, &score, alarm)) {
        score.fault_type = NULL;
        score.fault_score = NAN;
    }
    watched->observations++;
    watched->scored += !isnan(score.score);
    if (watch->every || alarm != watched->alarm) {
        (watch->json ? print_json : print_text)(watched, &score, alarm, experiment, label);
        fflush(stdout);
    }
    if (alarm && !watched->alarm) {
        watched->alarms++;
        watched->alarm_since_ns = score.time_ns;
    }
    watched->alarm = alarm;
}

int watch_finish(const struct watch *watch, struct error *error)
{
    size_t alarms = 0;

    for (size_t i = 0; i < watch->count; i++) {
        const struct watched *watched = &watch->items[i];

        if (!watch->json)
            printf("%s: %zu alarm%s in %zu observations\n", watched->target, watched->alarms,
                   watched->alarms == 1 ? "" : "s", watched->observations);
        alarms += watched->alarms;
    }
    for (size_t i = 0; alarms == 0 && i < watch->count; i++) {
        if (watch->items[i].scored > 0)
            continue;
        error_set(error, ERROR_INCONCLUSIVE, "none of %zu observations could be scored",
                  watch->items[i].observations);
        return error_target(error, watch->items[i].target);
    }
    if (alarms > 0)
        return error_set(error, ERROR_THRESHOLD, "%zu alarm%s", alarms, alarms == 1 ? "" : "s");
    return 0;
}
