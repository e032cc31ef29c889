/* The values of a comparison: one an experiment, for each kind of injection in it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/comparison_parts.h"
#include "analysis/service_course.h"

/* What the injections of one group in one experiment come to. */
struct experiment_values {
    size_t experiment; /* its number in the run */
    double sums[FIGURES_OF_EXPERIMENTS];
    size_t counts[FIGURES_OF_EXPERIMENTS];
    bool cut_short[FIGURES_OF_EXPERIMENTS];
};

static void add_value(struct experiment_values *values, size_t figure, double value)
{
    if (isnan(value))
        return;
    values->sums[figure] += value;
    values->counts[figure]++;
}

/* Their mean: injections of one experiment are kin, so together they are one value. */
static void give_to_group(const struct experiment_values *values, struct compared_group *group,
                          size_t side)
{
    for (size_t i = 0; i < FIGURES_OF_EXPERIMENTS; i++) {
        if (values->counts[i] == 0)
            continue;
        sample_add(&group->samples[side][i], values->sums[i] / (double)values->counts[i],
                   values->experiment);
        group->cut_short[side][i] += values->cut_short[i];
    }
}

static bool is_kin(const struct stored_injection *one, const struct stored_injection *other)
{
    return strcmp(one->fault_type, other->fault_type) == 0 &&
           strcmp(one->intensity, other->intensity) == 0 && strcmp(one->target, other->target) == 0;
}

/* Whether an earlier injection of the experiment has taken this one along. */
static bool is_taken(const struct report_experiment *experiment, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (is_kin(&experiment->injections[i].stored, &experiment->injections[index].stored))
            return true;
    }
    return false;
}

static void add_injections(struct comparison *comparison, size_t side, const struct report_run *run,
                           size_t number, const struct service_course *course, size_t index,
                           const char *transaction)
{
    const struct report_experiment *experiment = &run->experiments[number];
    const struct stored_injection *stored = &experiment->injections[index].stored;
    struct experiment_values values = {.experiment = number};
    struct compared_group *group =
        comparison_group(comparison, stored->fault_type, stored->intensity, stored->target);

    add_value(&values, FIGURE_AVAILABILITY, course->availability);
    for (size_t i = index; i < experiment->injection_count; i++) {
        const struct report_injection *injection = &experiment->injections[i];
        const struct service_figures *during = &injection->impact.figures[IMPACT_DURING];
        const struct service_recovery *recovery = &course->recoveries[i];

        if (!is_kin(&injection->stored, stored))
            continue;
        add_value(&values, FIGURE_FAILED_CALLS, service_failure_share(during));
        add_value(&values, FIGURE_RESPONSE_TIME, service_response_time(during, transaction));
        add_value(&values, FIGURE_TIME_TO_RECOVER, recovery->seconds);
        values.cut_short[FIGURE_TIME_TO_RECOVER] |= !isnan(recovery->seconds) && !recovery->is_over;
    }
    group->experiments[side]++;
    give_to_group(&values, group, side);
}

static void add_nominal(struct comparison *comparison, size_t side, const struct report_run *run,
                        size_t number, const struct service_course *course, const char *transaction)
{
    const struct report_experiment *experiment = &run->experiments[number];
    struct experiment_values values = {.experiment = number};
    struct compared_group *group = comparison_group(comparison, NULL, NULL, NULL);

    add_value(&values, FIGURE_AVAILABILITY, course->availability);
    add_value(&values, FIGURE_FAILED_CALLS, service_failure_share(&experiment->figures));
    add_value(&values, FIGURE_RESPONSE_TIME,
              service_response_time(&experiment->figures, transaction));
    group->experiments[side]++;
    give_to_group(&values, group, side);
}

void comparison_add_courses(struct comparison *comparison, size_t side,
                            const struct report_run *run, const struct service_course *courses,
                            const char *transaction)
{
    for (size_t i = 0; i < run->experiment_count; i++) {
        const struct report_experiment *experiment = &run->experiments[i];

        if (report_verdict_of(experiment) != REPORT_VALID)
            continue;
        if (experiment->injection_count == 0 && experiment->stored.fault_type == NULL)
            add_nominal(comparison, side, run, i, &courses[i], transaction);
        for (size_t j = 0; j < experiment->injection_count; j++) {
            if (!is_taken(experiment, j))
                add_injections(comparison, side, run, i, &courses[i], j, transaction);
        }
    }
}

int comparison_add_experiments(struct comparison *comparison, size_t side,
                               struct compared_source *source, const char *transaction,
                               struct error *error)
{
    const struct report_run *run = &source->run;
    struct service_course *courses;
    int result = service_courses_read(source->store, run, comparison->maximum_failure_share,
                                      &courses, error);

    if (result == 0)
        comparison_add_courses(comparison, side, run, courses, transaction);
    service_courses_free(courses, run);
    return result;
}

static bool is_same_detection(const struct fault_detection *one,
                              const struct fault_detection *other)
{
    return strcmp(one->experiment, other->experiment) == 0 &&
           strcmp(one->fault_type, other->fault_type) == 0 &&
           strcmp(one->intensity, other->intensity) == 0;
}

/* How many before it are of the same experiment and kind. */
static size_t number_of(const struct detection_result *detection, size_t index)
{
    size_t number = 0;

    for (size_t i = 0; i < index; i++)
        number += is_same_detection(&detection->faults[i], &detection->faults[index]);
    return number;
}

/* Whether the fault is the injection, or one of its kind. */
static bool is_of_injection(const struct fault_detection *fault, const char *target,
                            const struct stored_injection *injection)
{
    return strcmp(injection->fault_type, fault->fault_type) == 0 &&
           strcmp(injection->intensity, fault->intensity) == 0 &&
           (injection->in_load || strcmp(injection->target, target) == 0) &&
           injection->applied_ns != 0 && injection->gone_ns != 0;
}

/* The number of an experiment in the run; that of all if there is none of the name. */
static size_t experiment_of(const struct report_run *run, const char *name)
{
    size_t i = 0;

    while (i < run->experiment_count && strcmp(run->experiments[i].stored.name, name) != 0)
        i++;
    return i;
}

/* The injection that the target's detector was to find: that of the same number among its kin, both
 * being in the order of the run. NULL if the run has none. */
static const struct stored_injection *injection_of(const struct report_run *run, const char *target,
                                                   const struct detection_result *detection,
                                                   size_t index)
{
    const struct fault_detection *fault = &detection->faults[index];
    size_t experiment = experiment_of(run, fault->experiment);
    size_t number = number_of(detection, index);
    size_t count =
        experiment < run->experiment_count ? run->experiments[experiment].injection_count : 0;

    for (size_t i = 0; i < count; i++) {
        const struct stored_injection *injection =
            &run->experiments[experiment].injections[i].stored;

        if (is_of_injection(fault, target, injection) && number-- == 0)
            return injection;
    }
    return NULL;
}

/* A fault that was missed was not found for as long as it was there. */
static void add_detection(const struct fault_detection *fault,
                          const struct stored_injection *injection,
                          struct experiment_values *values)
{
    if (strcmp(fault->verdict, "found") == 0) {
        add_value(values, FIGURE_TIME_TO_DETECT, fault->delay_s);
    } else if (strcmp(fault->verdict, "missed") == 0 && injection != NULL &&
               injection->gone_ns > injection->applied_ns) {
        add_value(values, FIGURE_TIME_TO_DETECT,
                  (double)(injection->gone_ns - injection->applied_ns) / 1e9);
        values->cut_short[FIGURE_TIME_TO_DETECT] = true;
    }
}

/* All faults of the kind of the first, in its experiment. */
static void add_detections(struct comparison *comparison, size_t side, const struct report_run *run,
                           const char *target, const struct detection_result *detection,
                           size_t first)
{
    const struct fault_detection *fault = &detection->faults[first];
    const struct stored_injection *injection = injection_of(run, target, detection, first);
    struct experiment_values values = {.experiment = experiment_of(run, fault->experiment)};
    struct compared_group *group;

    for (size_t i = first; i < detection->fault_count; i++) {
        if (is_same_detection(fault, &detection->faults[i]))
            add_detection(&detection->faults[i], injection_of(run, target, detection, i), &values);
    }
    group = comparison_group(comparison, fault->fault_type, fault->intensity, target);
    /* What the load's figures say of a fault in the load is of the group 'load'. */
    group->experiments[side] += injection != NULL && injection->in_load;
    give_to_group(&values, group, side);
}

static void add_target(struct comparison *comparison, size_t side, const struct report_run *run,
                       const char *target, const struct detection_result *detection)
{
    for (size_t i = 0; i < detection->fault_count; i++) {
        if (number_of(detection, i) == 0)
            add_detections(comparison, side, run, target, detection, i);
    }
}

void comparison_add_detections(struct comparison *comparison, size_t side,
                               const struct compared_source *source)
{
    const struct evaluation *evaluation = source->evaluation;

    for (size_t i = 0; evaluation != NULL && i < evaluation->target_count; i++) {
        const struct target_result *target = &evaluation->targets[i];

        for (size_t j = 0; j < target->split_count; j++) {
            const struct split_result *split = &target->splits[j];

            if (split->unavailable == NULL && split->detection.unavailable == NULL &&
                strcmp(split->name, "experiment") == 0)
                add_target(comparison, side, &source->run, target->target, &split->detection);
        }
    }
}
