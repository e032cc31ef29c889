#include "runner/plan_expand.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "runner/campaign_overlap.h"
#include "runner/campaign_profile.h"
#include "runner/load_fault.h"
#include "runner/load_profile.h"

enum { MOST_DRAWS = 1000 }; /* of one injection, until it finds room */

void planned_experiment_free(struct planned_experiment *experiment)
{
    for (size_t i = 0; i < experiment->injection_count; i++)
        free(experiment->injections[i].steps);
    free(experiment->injections);
    free(experiment->name);
}

static struct planned_experiment *add_experiment(struct plan *plan, int64_t repetition)
{
    struct planned_experiment *experiment;

    plan->experiments =
        memory_resize(plan->experiments, plan->experiment_count + 1, sizeof *plan->experiments);
    experiment = &plan->experiments[plan->experiment_count++];
    *experiment = (struct planned_experiment){
        .repetition = repetition,
        .profile_start = plan->campaign->load.profile_start,
    };
    return experiment;
}

/* Each begins later in the load profile than the one before it, if the campaign says so. */
static void add_nominal(struct plan *plan, int64_t repetition)
{
    const struct load_plan *load = &plan->campaign->load;
    struct planned_experiment *experiment = add_experiment(plan, repetition);

    experiment->name = memory_format("nominal-%" PRId64, repetition);
    if (load->profile != NULL && repetition > 1)
        experiment->profile_start =
            (experiment[-1].profile_start + load->profile_advance % load->profile->period) %
            load->profile->period;
}

/* The levels of the intensity, with scaled times. */
static void plan_steps(const struct plan *plan, struct planned_injection *injection)
{
    const struct intensity *intensity = injection->intensity;
    int64_t start = 0;

    injection->step_count = intensity->step_count > 0 ? intensity->step_count : 1;
    injection->steps = memory_new(injection->step_count, sizeof *injection->steps);
    injection->steps[0].value = intensity->value;
    for (size_t i = 0; i < intensity->step_count; i++) {
        injection->steps[i].value = intensity->steps[i].value;
        injection->steps[i].start = time_scale_apply(plan->scale, start);
        start += intensity->steps[i].length;
    }
}

/* The host of the target of that name; of a fault in the load, the load host. */
static const struct host *host_of(const struct campaign *campaign, const struct fault *fault,
                                  const char *target)
{
    return testbed_host(campaign->testbed,
                        fault->in_load ? load_fault_find(fault->type)->host(&campaign->load, fault)
                                       : target);
}

/* `start` and `length` unscaled; `target` is NULL of a fault in the load. */
static void add_injection(const struct plan *plan, struct planned_experiment *experiment,
                          const struct fault *fault, const struct intensity *intensity,
                          const char *target, int64_t start, int64_t length)
{
    struct planned_injection *injection;

    experiment->injections = memory_resize(experiment->injections, experiment->injection_count + 1,
                                           sizeof *experiment->injections);
    injection = &experiment->injections[experiment->injection_count++];
    *injection = (struct planned_injection){
        .fault = fault,
        .intensity = intensity,
        .target = host_of(plan->campaign, fault, target),
        .group = experiment->group_count,
        .start = time_scale_apply(plan->scale, start),
        .length = time_scale_apply(plan->scale, length),
    };
    plan_steps(plan, injection);
}

static void add_cell(struct plan *plan, const struct fault *fault,
                     const struct intensity *intensity, const char *target, int64_t repetition)
{
    const struct timeline *timeline = &plan->campaign->timeline;
    struct planned_experiment *experiment = add_experiment(plan, repetition);

    add_injection(plan, experiment, fault, intensity, target, timeline->injection_start,
                  intensity_length(intensity, timeline->injection_length));
    experiment->group_count = 1;
    experiment->name = memory_format("%s-%s-%s-%" PRId64, fault->type, intensity->name,
                                     planned_target(experiment->injections), repetition);
}

/* One repetition of the matrix, in the order of the file. */
static void add_repetition(struct plan *plan, int64_t repetition)
{
    const struct campaign *campaign = plan->campaign;

    for (size_t i = 0; i < campaign->fault_count; i++) {
        const struct fault *fault = &campaign->faults[i];

        for (size_t j = 0; j < fault->intensity_count; j++) {
            if (fault->in_load)
                add_cell(plan, fault, &fault->intensities[j], NULL, repetition);
            for (size_t k = 0; !fault->in_load && k < campaign->target_count; k++)
                add_cell(plan, fault, &fault->intensities[j], campaign->targets[k], repetition);
        }
    }
}

/* By start; as in the file where two start together. */
static void sort_injections(struct planned_experiment *experiment)
{
    for (size_t i = 1; i < experiment->injection_count; i++) {
        struct planned_injection one = experiment->injections[i];
        size_t place = i;

        for (; place > 0 && experiment->injections[place - 1].start > one.start; place--)
            experiment->injections[place] = experiment->injections[place - 1];
        experiment->injections[place] = one;
    }
}

static void add_written(struct plan *plan, const struct campaign_experiment *written,
                        int64_t repetition)
{
    struct planned_experiment *experiment = add_experiment(plan, repetition);

    experiment->name = memory_format("%s-%" PRId64, written->name, repetition);
    for (size_t i = 0; i < written->injection_count; i++) {
        const struct campaign_injection *injection = &written->injections[i];
        const struct fault *fault = &plan->campaign->faults[injection->fault];

        if (fault->in_load)
            add_injection(plan, experiment, fault, &fault->intensities[injection->intensity], NULL,
                          injection->start, injection->length);
        for (size_t j = 0; j < injection->target_count; j++)
            add_injection(plan, experiment, fault, &fault->intensities[injection->intensity],
                          injection->targets[j], injection->start, injection->length);
        experiment->group_count++;
    }
    sort_injections(experiment);
}

/* An intensity of the campaign's faults, each equally likely. */
static const struct intensity *draw_intensity(const struct campaign *campaign,
                                              struct random *random, const struct fault **fault)
{
    size_t count = 0;
    size_t drawn;

    for (size_t i = 0; i < campaign->fault_count; i++)
        count += campaign->faults[i].intensity_count;
    drawn = (size_t)random_below(random, count);
    *fault = campaign->faults;
    while (drawn >= (*fault)->intensity_count) {
        drawn -= (*fault)->intensity_count;
        (*fault)++;
    }
    return &(*fault)->intensities[drawn];
}

/* From `least` to `most`, both included, in whole milliseconds. */
static int64_t draw_time(struct random *random, int64_t least, int64_t most)
{
    uint64_t count = (uint64_t)((most - least) / CLOCK_MILLISECOND) + 1;

    return least + (int64_t)random_below(random, count) * CLOCK_MILLISECOND;
}

static bool clashes(const struct planned_experiment *experiment,
                    const struct planned_injection *last)
{
    for (const struct planned_injection *one = experiment->injections; one < last; one++) {
        if (one->target == last->target &&
            injection_spans_clash((struct injection_span){one->fault, one->start, one->length},
                                  (struct injection_span){last->fault, last->start,
                                                          last->length}) != INJECTION_CLASH_NONE)
            return true;
    }
    return false;
}

/* One injection that fits into the timeline and beside the others; false if this draw didn't. */
static bool draw_injection(const struct plan *plan, struct planned_experiment *experiment,
                           const struct random_experiments *from, struct random *random)
{
    const struct campaign *campaign = plan->campaign;
    const struct timeline *timeline = &campaign->timeline;
    char *const *targets = from->target_count > 0 ? from->targets : campaign->targets;
    size_t target_count = from->target_count > 0 ? from->target_count : campaign->target_count;
    const struct fault *fault;
    const struct intensity *intensity = draw_intensity(campaign, random, &fault);
    const char *target = target_count > 0 ? targets[random_below(random, target_count)] : NULL;
    int64_t length =
        intensity_length(intensity, draw_time(random, from->least_length, from->most_length));
    int64_t latest = timeline->duration - timeline->cool_down - length;
    struct planned_injection *last;

    if (latest < timeline->injection_start)
        return false;
    add_injection(plan, experiment, fault, intensity, target,
                  draw_time(random, timeline->injection_start, latest), length);
    last = &experiment->injections[experiment->injection_count - 1];
    if (!clashes(experiment, last)) {
        experiment->group_count++;
        return true;
    }
    free(last->steps);
    experiment->injection_count--;
    return false;
}

/* Each experiment has a sequence of its own, so that it stays the same when their number changes.
 */
static int add_random(struct plan *plan, const struct random_experiments *from, int64_t number,
                      struct error *error)
{
    struct planned_experiment *experiment = add_experiment(plan, number);
    struct random random;
    int draws = 0;

    experiment->name = memory_format("%s-%" PRId64, from->name, number);
    random_seed(&random, from->seed + (uint64_t)number * UINT64_C(0x9e3779b97f4a7c15));
    while (experiment->injection_count < (size_t)from->injections) {
        if (draw_injection(plan, experiment, from, &random)) {
            draws = 0;
        } else if (++draws == MOST_DRAWS) {
            error_set(error, ERROR_INPUT, "%s: no room for %" PRId64 " injections", from->name,
                      from->injections);
            return error_hint(error, "lengthen the timeline, or draw fewer or shorter injections");
        }
    }
    sort_injections(experiment);
    return 0;
}

int plan_expand(struct plan *plan, struct error *error)
{
    const struct campaign *campaign = plan->campaign;

    for (int64_t i = 1; i <= campaign->nominal_repetitions; i++)
        add_nominal(plan, i);
    for (int64_t i = 1; i <= campaign->repetitions; i++)
        add_repetition(plan, i);
    for (size_t i = 0; i < campaign->experiment_count; i++) {
        for (int64_t j = 1; j <= campaign->experiments[i].repetitions; j++)
            add_written(plan, &campaign->experiments[i], j);
    }
    for (size_t i = 0; i < campaign->random_count; i++) {
        for (int64_t j = 1; j <= campaign->random[i].count; j++) {
            if (add_random(plan, &campaign->random[i], j, error) < 0)
                return -1;
        }
    }
    return 0;
}
