#include "runner/calibration_campaign.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/campaign_experiment.h"
#include "runner/campaign_fault.h"
#include "runner/load_profile.h"

#define FAULT_WARM_UP (3 * CLOCK_SECOND)
#define BEFORE_FAULT (5 * CLOCK_SECOND) /* to see that the service was well */
#define LONGEST_PERIOD CLOCK_SECOND

static int unknown(const char *what, const char *name, const char *const *known, size_t count,
                   struct error *error)
{
    const char *nearest = string_nearest(name, known, count);

    error_set(error, ERROR_INPUT, "unknown %s \"%.60s\"", what, name);
    return nearest != NULL ? error_hint(error, "did you mean \"%s\"?", nearest) : -1;
}

static int check_type(const struct injector_table *injectors, const char *type, struct error *error)
{
    const struct injector *injector = injector_find(injectors, type);

    if (injector == NULL) {
        const char **names = memory_new(injectors->count, sizeof *names);

        for (size_t i = 0; i < injectors->count; i++)
            names[i] = injectors->items[i].name;
        unknown("fault type", type, names, injectors->count, error);
        free(names);
        return -1;
    }
    if (injector->load_fault != NULL) {
        error_set(error, ERROR_INPUT, "%s is a fault in the load, which has no target", type);
        return error_hint(error,
                          "calibrate finds intensities of faults in targets, and load rates");
    }
    if (injector->least >= injector->most)
        return error_set(error, ERROR_INPUT, "%s has one intensity only, %g%s", type,
                         injector->most, injector->unit);
    return 0;
}

/* The campaign's fault of that type, taken out of it, or a new one without parameters. */
static struct fault take_fault(struct campaign *campaign, const struct injector *injector)
{
    for (size_t i = 0; i < campaign->fault_count; i++) {
        struct fault fault = campaign->faults[i];

        if (fault.type == NULL || strcmp(fault.type, injector->name) != 0)
            continue;
        memset(&campaign->faults[i], 0, sizeof fault);
        return fault;
    }
    return (struct fault){
        .type = memory_string(injector->name),
        .owns = injector->owns != NULL ? memory_string(injector->owns) : NULL,
    };
}

/* Where a search begins: at the highest intensity that the campaign has, else in the middle of the
 * range by factors. */
static double start_of(const struct fault *fault, const struct injector *injector)
{
    double start = 0;

    for (size_t i = 0; i < fault->intensity_count; i++)
        start = fmax(start, fault->intensities[i].value);
    return fault->intensity_count > 0 ? start : sqrt(injector->least * injector->most);
}

/* Makes it the only intensity of the fault. */
static void set_intensity(struct fault *fault, const char *unit, double value)
{
    for (size_t i = 0; i < fault->intensity_count; i++)
        intensity_free(&fault->intensities[i]);
    fault->intensities = memory_resize(fault->intensities, 1, sizeof *fault->intensities);
    fault->intensity_count = 1;
    fault->intensities[0] = (struct intensity){
        .name = memory_format("%g", value),
        .value = value,
        .unit = memory_string(unit),
        .text = memory_format("%g%s", value, unit),
    };
}

static void keep_faults(struct campaign *campaign, const struct injector_table *injectors,
                        char *const *types, size_t count)
{
    struct fault *kept = memory_new(count, sizeof *kept);

    for (size_t i = 0; i < count; i++) {
        const struct injector *injector = injector_find(injectors, types[i]);

        kept[i] = take_fault(campaign, injector);
        set_intensity(&kept[i], injector->unit, start_of(&kept[i], injector));
    }
    for (size_t i = 0; i < campaign->fault_count; i++)
        fault_free(&campaign->faults[i]);
    free(campaign->faults);
    campaign->faults = kept;
    campaign->fault_count = count;
}

static int check_target(const struct testbed *testbed, const char *name, struct error *error)
{
    const struct host *host = testbed_host(testbed, name);
    const char **names;
    size_t count = 0;

    if (host != NULL && host->kind == HOST_TARGET)
        return 0;
    names = memory_new(testbed->host_count, sizeof *names);
    for (size_t i = 0; i < testbed->host_count; i++) {
        if (testbed->hosts[i].kind == HOST_TARGET)
            names[count++] = testbed->hosts[i].name;
    }
    unknown("target", name, names, count, error);
    free(names);
    return -1;
}

static int keep_targets(struct campaign *campaign, char *const *targets, struct error *error)
{
    char **kept;
    size_t count = 0;

    for (; targets != NULL && targets[count] != NULL; count++) {
        if (check_target(campaign->testbed, targets[count], error) < 0)
            return -1;
    }
    if (targets == NULL)
        return 0;
    kept = memory_new(count, sizeof *kept);
    for (size_t i = 0; i < count; i++)
        kept[i] = memory_string(targets[i]);
    for (size_t i = 0; i < campaign->target_count; i++)
        free(campaign->targets[i]);
    free(campaign->targets);
    campaign->targets = kept;
    campaign->target_count = count;
    return 0;
}

/* All experiments but those of the steps. */
static void drop_experiments(struct campaign *campaign)
{
    for (size_t i = 0; i < campaign->experiment_count; i++)
        campaign_experiment_free(&campaign->experiments[i]);
    for (size_t i = 0; i < campaign->random_count; i++)
        random_experiments_free(&campaign->random[i]);
    campaign->experiment_count = 0;
    campaign->random_count = 0;
    campaign->repetitions = 0;
    campaign->nominal_repetitions = 0;
    campaign->order = ORDER_LISTED;
}

/* A profile's peak is what the service must bear; at its other rates it is asked for less. */
static int hold_peak(struct campaign *campaign, bool finds_rate, struct load_profile **profile,
                     struct error *error)
{
    struct load_plan *load = &campaign->load;

    if (load->profile == NULL)
        return 0;
    if (finds_rate && load->profile->peak > 0) {
        error_set(error, ERROR_INPUT,
                  "the load profile %s is one of rates, which leave none to be found",
                  load->profile->path);
        return error_hint(error,
                          "give it a column 'share', and the campaign's load a rate: that at "
                          "100%% is then what is found");
    }
    load->rate *= load_profile_range(load->profile).most;
    log_info("the load is held at the peak of its profile, %g calls/s", load->rate);
    *profile = load->profile;
    load->profile = NULL;
    load->profile_start = 0;
    load->profile_advance = 0;
    return 0;
}

int calibration_campaign_choose(struct campaign *campaign, const struct injector_table *injectors,
                                char *const *types, char *const *targets,
                                struct load_profile **profile, struct error *error)
{
    size_t count = 0;

    *profile = NULL;
    for (; types[count] != NULL; count++) {
        if (check_type(injectors, types[count], error) < 0)
            return -1;
        for (size_t i = 0; i < count; i++) {
            if (strcmp(types[i], types[count]) == 0)
                return error_set(error, ERROR_INPUT, "the fault type %s is there twice", types[i]);
        }
    }
    if (keep_targets(campaign, targets, error) < 0)
        return -1;
    if (count > 0 && campaign->target_count == 0)
        return error_set(error, ERROR_INPUT, "the campaign has no targets, and none is given");
    if (hold_peak(campaign, count == 0, profile, error) < 0)
        return -1;
    keep_faults(campaign, injectors, types, count);
    drop_experiments(campaign);
    if (campaign->monitoring_period > LONGEST_PERIOD)
        campaign->monitoring_period = LONGEST_PERIOD;
    return 0;
}

/* So long that both the time and the calls are counted. */
static int64_t counted_length(const struct campaign *campaign,
                              const struct calibration_times *times)
{
    double needed = (double)times->calls / campaign->load.rate * (double)CLOCK_SECOND;

    return (int64_t)ceil(fmax((double)times->length, needed));
}

/* Makes the one experiment of the campaign the plan's, in place of the one before. */
static int plan_step(const struct campaign *campaign, char *name, int64_t repetition, size_t cell,
                     struct plan *plan, struct error *error)
{
    struct planned_experiment *experiment;
    struct plan *made;

    if (plan_make(campaign, (struct time_scale){1, 1}, &made, error) < 0) {
        free(name);
        return -1;
    }
    experiment = made->experiments;
    free(experiment->name);
    experiment->name = name;
    experiment->repetition = repetition;
    experiment->cell = cell;
    plan_clear(plan);
    *plan = *made;
    free(made);
    return 0;
}

int calibration_plan_load(struct campaign *campaign, const struct calibration_times *times,
                          double rate, int64_t repetition, size_t cell, struct plan *plan,
                          struct error *error)
{
    campaign->load.rate = rate;
    campaign->nominal_repetitions = 1;
    campaign->timeline =
        (struct timeline){.warm_up = times->settling, .duration = counted_length(campaign, times)};
    return plan_step(campaign, memory_format("load-%g-%" PRId64, rate, repetition), repetition,
                     cell, plan, error);
}

static void set_experiment(struct campaign *campaign, size_t fault, const char *target,
                           const char *name)
{
    struct campaign_experiment *experiment;
    struct campaign_injection *injection;

    for (size_t i = 0; i < campaign->experiment_count; i++)
        campaign_experiment_free(&campaign->experiments[i]);
    campaign->experiments = memory_resize(campaign->experiments, 1, sizeof *campaign->experiments);
    campaign->experiment_count = 1;
    experiment = campaign->experiments;
    injection = memory_new(1, sizeof *injection);
    injection->targets = memory_new(2, sizeof *injection->targets);
    injection->targets[0] = memory_string(target);
    injection->target_count = 1;
    injection->fault = fault;
    injection->start = campaign->timeline.injection_start;
    injection->length = campaign->timeline.injection_length;
    *experiment = (struct campaign_experiment){.name = memory_string(name),
                                               .repetitions = 1,
                                               .injections = injection,
                                               .injection_count = 1};
}

int calibration_plan_fault(struct campaign *campaign, const struct calibration_times *times,
                           size_t fault, const char *target, double value, int64_t repetition,
                           size_t cell, struct plan *plan, struct error *error)
{
    struct timeline *timeline = &campaign->timeline;
    char *name =
        memory_format("%s-%g-%s-%" PRId64, campaign->faults[fault].type, value, target, repetition);
    char *unit = memory_string(campaign->faults[fault].intensities[0].unit);

    *timeline = (struct timeline){
        .warm_up = FAULT_WARM_UP,
        .injection_start = BEFORE_FAULT,
        .injection_length = times->settling + counted_length(campaign, times),
    };
    timeline->duration = timeline->injection_start + timeline->injection_length;
    set_intensity(&campaign->faults[fault], unit, value);
    free(unit);
    set_experiment(campaign, fault, target, name);
    return plan_step(campaign, name, repetition, cell, plan, error);
}
