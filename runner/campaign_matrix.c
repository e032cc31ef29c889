/* The <matrix> of a campaign file: how often, in which order, on which targets. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/campaign_experiment.h"
#include "runner/campaign_fault.h"
#include "runner/campaign_host.h"
#include "runner/campaign_parts.h"
#include "runner/campaign_profile.h"

enum { MOST_EXPERIMENTS = 100000 };

static bool is_listed(const struct campaign *campaign, const char *name)
{
    for (size_t i = 0; i < campaign->target_count; i++) {
        if (strcmp(campaign->targets[i], name) == 0)
            return true;
    }
    return false;
}

static void read_targets(struct campaign *campaign, struct element targets)
{
    size_t capacity = 0;

    for (struct element target = element_child(targets, "target"); target.node != NULL;
         target = element_next(target)) {
        char *name = element_attribute(target, "name");

        if (name == NULL)
            continue;
        if (is_listed(campaign, name))
            element_finding(target, "name", "", "the target \"%s\" is there already", name);
        campaign_check_host(campaign, target, "name", name, HOST_TARGET);
        campaign->targets = memory_grow(campaign->targets, campaign->target_count, &capacity,
                                        sizeof *campaign->targets);
        campaign->targets[campaign->target_count++] = name;
    }
}

static void read_order(struct campaign *campaign, struct element matrix)
{
    char *order = element_text(matrix, "order", "");
    char *seed = element_attribute(matrix, "seed");

    campaign->order = strcmp(order, "shuffled") == 0 ? ORDER_SHUFFLED : ORDER_LISTED;
    element_number(matrix, "seed", &campaign->seed);
    if (campaign->order == ORDER_SHUFFLED && seed == NULL)
        element_finding(matrix, "order", "add seed=\"7\", say: the same seed, the same order",
                        "order=\"shuffled\" needs the attribute \"seed\"");
    free(seed);
    free(order);
}

/* Experiments of the matrix, as far as it could be read. */
static size_t count_experiments(const struct campaign *campaign)
{
    size_t cells = 0;
    size_t others = 0;

    for (size_t i = 0; i < campaign->fault_count; i++)
        cells += campaign->faults[i].intensity_count *
                 (campaign->faults[i].in_load ? 1 : campaign->target_count);
    for (size_t i = 0; i < campaign->experiment_count; i++)
        others += (size_t)campaign->experiments[i].repetitions;
    for (size_t i = 0; i < campaign->random_count; i++)
        others += (size_t)campaign->random[i].count;
    return (size_t)campaign->nominal_repetitions + others + (size_t)campaign->repetitions * cells;
}

/* A profile on the targets of the matrix starts with the timeline's injection and says its own
 * length. */
static void check_profiles(const struct campaign *campaign, struct element timeline)
{
    const struct timeline *times = &campaign->timeline;
    char words[24];

    for (size_t i = 0; i < campaign->fault_count && times->duration >= 0; i++) {
        for (size_t j = 0; j < campaign->faults[i].intensity_count; j++) {
            const struct intensity *intensity = &campaign->faults[i].intensities[j];
            int64_t end =
                times->injection_start + intensity_length(intensity, 0) + times->cool_down;

            if (intensity->step_count == 0 || end <= times->duration)
                continue;
            clock_format_duration(end, words, sizeof words);
            element_finding(timeline, "duration", "lengthen it, or shorten the steps",
                            "the cool-down after the profile \"%s\" ends at %s, after the duration",
                            intensity->name, words);
        }
    }
}

/* The product of faults and targets: both, and a time to inject. */
static void check_product(const struct campaign *campaign, struct element matrix,
                          struct element timeline)
{
    struct element targets = element_child(matrix, "targets");
    struct element faults = element_child(matrix, "faults");

    if (faults.node != NULL && targets.node == NULL && campaign_needs_targets(campaign))
        element_finding(matrix, NULL, "add <targets> with a <target name=\"...\"/>",
                        "the faults have no target");
    if (targets.node != NULL && faults.node == NULL)
        element_finding(matrix, NULL, "add <faults> with a <fault type=\"...\">",
                        "the targets have no fault");
    if (faults.node != NULL && element_child(timeline, "injection").node == NULL)
        element_finding(timeline, NULL, "add <injection start=\"...\" length=\"...\"/>",
                        "the timeline doesn't say when to inject");
    if (faults.node != NULL)
        check_profiles(campaign, timeline);
}

/* A matrix must make experiments. `repetitions` of 0 leaves the product of faults and targets out.
 */
static void check_matrix(const struct campaign *campaign, struct element root,
                         struct element matrix)
{
    struct element targets = element_child(matrix, "targets");
    struct element faults = element_child(matrix, "faults");
    bool has_others = campaign->experiment_count + campaign->random_count > 0;
    size_t count = count_experiments(campaign);

    if (!has_others || campaign->repetitions > 0)
        check_product(campaign, matrix, element_child(root, "timeline"));
    if (faults.node == NULL && targets.node == NULL && count == 0)
        element_finding(matrix, NULL, "add <nominal repetitions=\"...\"/>, or faults and targets",
                        "the matrix has no experiment");
    else if (faults.node != NULL && (targets.node != NULL || !campaign_needs_targets(campaign)) &&
             campaign->repetitions == 0 && !has_others)
        element_finding(matrix, "repetitions", "it is at least 1 where there are faults",
                        "the matrix has no experiment of its faults");
    if (count > MOST_EXPERIMENTS)
        element_finding(matrix, NULL, "make several campaigns of it",
                        "the matrix has %zu experiments, over %d", count, MOST_EXPERIMENTS);
}

void campaign_read_matrix(struct campaign *campaign, struct element root,
                          const struct injector_table *injectors)
{
    struct element matrix = element_child(root, "matrix");
    uint64_t repetitions = 1;
    uint64_t nominal_repetitions = 0;

    element_number(matrix, "repetitions", &repetitions);
    element_number(element_child(matrix, "nominal"), "repetitions", &nominal_repetitions);
    campaign->repetitions = (int64_t)repetitions;
    campaign->nominal_repetitions = (int64_t)nominal_repetitions;
    read_order(campaign, matrix);
    read_targets(campaign, element_child(matrix, "targets"));
    campaign_read_faults(campaign, element_child(matrix, "faults"), injectors);
    campaign_read_experiments(campaign, element_child(matrix, "experiments"));
    check_matrix(campaign, root, matrix);
}
