/* The <matrix> of a campaign file: how often, in which order, on which targets. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/campaign_fault.h"
#include "runner/campaign_parts.h"

enum { MOST_EXPERIMENTS = 100000 };

static bool is_listed(const struct campaign *campaign, const char *name)
{
    for (size_t i = 0; i < campaign->target_count; i++) {
        if (strcmp(campaign->targets[i], name) == 0)
            return true;
    }
    return false;
}

static void check_target(const struct campaign *campaign, struct element element, const char *name)
{
    const struct testbed *testbed = campaign->testbed;
    const struct host *host;
    const char **known;
    size_t count = 0;

    if (is_listed(campaign, name))
        element_finding(element, "name", "", "the target \"%s\" is there already", name);
    if (testbed == NULL)
        return;
    host = testbed_host(testbed, name);
    if (host != NULL && host->kind == HOST_TARGET)
        return;
    known = memory_new(testbed->host_count, sizeof *known);
    for (size_t i = 0; i < testbed->host_count; i++) {
        if (testbed->hosts[i].kind == HOST_TARGET)
            known[count++] = testbed->hosts[i].name;
    }
    if (host != NULL)
        element_finding(element, "name", "faults are injected in targets",
                        "\"%s\" is a load host, not a target", name);
    else
        element_unknown(element, "name", "target", name, known, count);
    free(known);
}

static void read_targets(struct campaign *campaign, struct element targets)
{
    size_t capacity = 0;

    for (struct element target = element_child(targets, "target"); target.node != NULL;
         target = element_next(target)) {
        char *name = element_attribute(target, "name");

        if (name == NULL)
            continue;
        check_target(campaign, target, name);
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
    size_t intensities = 0;

    for (size_t i = 0; i < campaign->fault_count; i++)
        intensities += campaign->faults[i].intensity_count;
    return (size_t)campaign->nominal_repetitions +
           (size_t)campaign->repetitions * intensities * campaign->target_count;
}

/* A matrix must make experiments; faults need targets and a time, and the other way round. */
static void check_matrix(const struct campaign *campaign, struct element root,
                         struct element matrix)
{
    struct element targets = element_child(matrix, "targets");
    struct element faults = element_child(matrix, "faults");
    struct element timeline = element_child(root, "timeline");
    bool has_injection = element_child(timeline, "injection").node != NULL;
    size_t count = count_experiments(campaign);

    if (faults.node != NULL && targets.node == NULL)
        element_finding(matrix, NULL, "add <targets> with a <target name=\"...\"/>",
                        "the faults have no target");
    if (targets.node != NULL && faults.node == NULL)
        element_finding(matrix, NULL, "add <faults> with a <fault type=\"...\">",
                        "the targets have no fault");
    if (faults.node != NULL && !has_injection)
        element_finding(timeline, NULL, "add <injection start=\"...\" length=\"...\"/>",
                        "the timeline doesn't say when to inject");
    if (faults.node == NULL && targets.node == NULL && count == 0)
        element_finding(matrix, NULL, "add <nominal repetitions=\"...\"/>, or faults and targets",
                        "the matrix has no experiment");
    else if (faults.node != NULL && targets.node != NULL && campaign->repetitions == 0)
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
    check_matrix(campaign, root, matrix);
}
