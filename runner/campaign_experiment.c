#include "runner/campaign_experiment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/words.h"
#include "runner/campaign_fault.h"
#include "runner/campaign_host.h"
#include "runner/campaign_overlap.h"
#include "runner/campaign_profile.h"

enum { MOST_INJECTIONS = 1000 }; /* of one experiment, on all its targets */

void campaign_experiment_free(struct campaign_experiment *experiment)
{
    for (size_t i = 0; i < experiment->injection_count; i++)
        words_free(experiment->injections[i].targets);
    free(experiment->injections);
    free(experiment->name);
}

void random_experiments_free(struct random_experiments *random)
{
    words_free(random->targets);
    free(random->name);
}

/* The fault and intensity of those names; false with a finding if there is none. */
static bool find_intensity(const struct campaign *campaign, struct element element,
                           struct campaign_injection *injection)
{
    char *type = element_text(element, "fault", "");
    char *name = element_text(element, "intensity", "");
    const char **types = memory_new(campaign->fault_count, sizeof *types);
    const char **names = NULL;
    size_t type_count = 0;
    size_t name_count = 0;
    bool found = false;

    for (size_t i = 0; i < campaign->fault_count && !found; i++) {
        const struct fault *fault = &campaign->faults[i];

        types[type_count++] = fault->type;
        if (strcmp(fault->type, type) != 0)
            continue;
        names = memory_resize(names, name_count + fault->intensity_count + 1, sizeof *names);
        for (size_t j = 0; j < fault->intensity_count && !found; j++) {
            names[name_count++] = fault->intensities[j].name;
            found = strcmp(fault->intensities[j].name, name) == 0;
            injection->fault = i;
            injection->intensity = j;
        }
    }
    if (!found && names == NULL)
        element_unknown(element, "fault", "fault of the matrix", type, types, type_count);
    else if (!found)
        element_unknown(element, "intensity", "intensity", name, names, name_count);
    free(types);
    free(names);
    free(type);
    free(name);
    return found;
}

/* From when to when it may inject. */
static void check_time(const struct campaign *campaign, struct element element, int64_t start,
                       int64_t length)
{
    const struct timeline *timeline = &campaign->timeline;
    char words[24];

    if (start < 0 || length < 0 || timeline->duration < 0)
        return;
    if (campaign->monitoring_period > 0 && length < 2 * campaign->monitoring_period)
        element_finding(element, "length", "make it two monitoring periods or more",
                        "the injection may hold no whole observation");
    if (start + length + timeline->cool_down <= timeline->duration)
        return;
    clock_format_duration(start + length + timeline->cool_down, words, sizeof words);
    element_finding(element, "start", "injection and cool-down are within the timeline's duration",
                    "its cool-down ends at %s, after the duration", words);
}

static void read_time(const struct campaign *campaign, struct element element,
                      struct campaign_injection *injection)
{
    const struct intensity *intensity =
        &campaign->faults[injection->fault].intensities[injection->intensity];
    int64_t length = -1;

    injection->start = -1;
    element_duration(element, "start", &injection->start);
    element_duration(element, "length", &length);
    if (intensity->step_count > 0 && length >= 0)
        element_finding(element, "length", "leave length=\"...\" out",
                        "the profile \"%s\" says its own length", intensity->name);
    else if (intensity->step_count == 0 && length < 0)
        element_finding(element, NULL, "add length=\"...\"", "the injection has no length");
    injection->length = intensity_length(intensity, length);
    check_time(campaign, element, injection->start, injection->length);
}

/* Where the fault type is the same: one in the load is on no target, and there is one load. */
static bool share_a_target(const struct campaign_injection *one,
                           const struct campaign_injection *other)
{
    if (one->target_count == 0 && other->target_count == 0)
        return true;
    for (size_t i = 0; i < one->target_count; i++) {
        for (size_t j = 0; j < other->target_count; j++) {
            if (strcmp(one->targets[i], other->targets[j]) == 0)
                return true;
        }
    }
    return false;
}

/* A fault in the load is on no target, every other one on one or more. */
static void read_targets(const struct campaign *campaign, struct element element,
                         struct campaign_injection *injection)
{
    const struct fault *fault = &campaign->faults[injection->fault];

    injection->targets =
        campaign_read_hosts(campaign, element, "targets", HOST_TARGET, &injection->target_count);
    if (fault->in_load && injection->target_count > 0)
        element_finding(element, "targets", "leave targets=\"...\" out",
                        "%s is in the load, it has no target", fault->type);
    if (!fault->in_load && injection->target_count == 0)
        element_finding(element, NULL, "add targets=\"...\"", "the injection has no target");
}

static struct injection_span span_of(const struct campaign *campaign,
                                     const struct campaign_injection *injection)
{
    return (struct injection_span){&campaign->faults[injection->fault], injection->start,
                                   injection->length};
}

static void report_clash(struct element element, struct injection_span one,
                         struct injection_span last, const char *where)
{
    const char *type = last.fault->type;
    const char *other = one.fault->type;

    switch (injection_spans_clash(one, last)) {
    case INJECTION_CLASH_NONE:
        break;
    case INJECTION_CLASH_TYPE:
        element_finding(element, "start", "let the one end before the other starts",
                        "two injections of %s overlap%s", type, where);
        break;
    case INJECTION_CLASH_OWNED:
        element_finding(element, "start", "let the one end before the other starts",
                        "%s and %s overlap%s, and only one of them can be there", other, type,
                        where);
        break;
    case INJECTION_CLASH_TAKEN_AWAY:
        element_finding(element, "start", "let it be the last, after the others have ended",
                        "%s takes away what was armed of %s%s",
                        last.fault->ends_connection ? type : other,
                        last.fault->ends_connection ? other : type, where);
        break;
    }
}

static void check_overlap(const struct campaign *campaign, struct element element,
                          const struct campaign_experiment *experiment)
{
    const struct campaign_injection *last =
        &experiment->injections[experiment->injection_count - 1];

    for (const struct campaign_injection *one = experiment->injections; one < last; one++) {
        if (share_a_target(one, last))
            report_clash(element, span_of(campaign, one), span_of(campaign, last),
                         one->target_count > 0 ? " on the same target" : "");
    }
}

static void read_injections(const struct campaign *campaign, struct element parent,
                            struct campaign_experiment *experiment)
{
    size_t capacity = 0;
    size_t total = 0;

    for (struct element element = element_child(parent, "injection"); element.node != NULL;
         element = element_next(element)) {
        struct campaign_injection injection = {.start = 0};

        if (!find_intensity(campaign, element, &injection))
            continue;
        read_time(campaign, element, &injection);
        read_targets(campaign, element, &injection);
        total += injection.target_count > 0 ? injection.target_count : 1;
        experiment->injections = memory_grow(experiment->injections, experiment->injection_count,
                                             &capacity, sizeof *experiment->injections);
        experiment->injections[experiment->injection_count++] = injection;
        check_overlap(campaign, element, experiment);
    }
    if (total > MOST_INJECTIONS)
        element_finding(parent, NULL, "", "an experiment has at most %d injections",
                        MOST_INJECTIONS);
}

static void read_experiment(struct campaign *campaign, struct element element)
{
    struct campaign_experiment *experiment;
    uint64_t repetitions = 1;

    campaign->experiments = memory_resize(campaign->experiments, campaign->experiment_count + 1,
                                          sizeof *campaign->experiments);
    experiment = &campaign->experiments[campaign->experiment_count++];
    element_number(element, "repetitions", &repetitions);
    if (repetitions == 0)
        element_finding(element, "repetitions", "it is at least 1", "the experiment never runs");
    *experiment = (struct campaign_experiment){.name = element_text(element, "name", ""),
                                               .repetitions = (int64_t)repetitions};
    read_injections(campaign, element, experiment);
}

static void check_random(const struct campaign *campaign, struct element element,
                         const struct random_experiments *random)
{
    const struct timeline *timeline = &campaign->timeline;

    if (random->injections < 1 || random->count < 1)
        element_finding(element, random->count < 1 ? "count" : "injections", "it is at least 1",
                        "there is nothing to draw");
    if (random->injections > MOST_INJECTIONS)
        element_finding(element, "injections", "", "an experiment has at most %d injections",
                        MOST_INJECTIONS);
    if (campaign->fault_count == 0)
        element_finding(element, NULL, "add <faults> with a <fault type=\"...\">",
                        "there is no fault to draw from");
    if (random->target_count == 0 && campaign->target_count == 0 &&
        campaign_needs_targets(campaign))
        element_finding(element, NULL, "add targets=\"...\"", "there is no target to draw from");
    if (random->least_length < 0 || random->most_length < 0)
        return;
    if (random->least_length > random->most_length)
        element_finding(element, "least-length", "", "least-length is over most-length");
    check_time(campaign, element, timeline->injection_start, random->least_length);
    check_time(campaign, element, timeline->injection_start, random->most_length);
}

static void read_random(struct campaign *campaign, struct element element)
{
    struct random_experiments *random;
    uint64_t count = 0;
    uint64_t injections = 0;

    campaign->random =
        memory_resize(campaign->random, campaign->random_count + 1, sizeof *campaign->random);
    random = &campaign->random[campaign->random_count++];
    *random = (struct random_experiments){
        .name = element_text(element, "name", ""), .least_length = -1, .most_length = -1};
    element_number(element, "count", &count);
    element_number(element, "injections", &injections);
    element_number(element, "seed", &random->seed);
    element_duration(element, "least-length", &random->least_length);
    element_duration(element, "most-length", &random->most_length);
    random->count = (int64_t)count;
    random->injections = (int64_t)injections;
    random->targets =
        campaign_read_hosts(campaign, element, "targets", HOST_TARGET, &random->target_count);
    check_random(campaign, element, random);
}

void campaign_read_experiments(struct campaign *campaign, struct element experiments)
{
    for (struct element element = element_child(experiments, "experiment"); element.node != NULL;
         element = element_next(element))
        read_experiment(campaign, element);
    for (struct element element = element_child(experiments, "random-experiments");
         element.node != NULL; element = element_next(element))
        read_random(campaign, element);
}
