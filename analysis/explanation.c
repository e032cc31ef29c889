#include "analysis/explanation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/contribution.h"
#include "analysis/reconstruction.h"
#include "base/memory.h"

/* Where the fault types of the first paper act. */
static const struct {
    const char *fault_type;
    const char *resource_group;
} right_groups[] = {
    {"cpu", "cpu"},         {"memory", "memory"},
    {"disk", "filesystem"}, {"packet-loss", "network"},
    {"latency", "network"},
};

void model_errors(const struct model *model, const struct dataset_timeline *timeline,
                  const size_t *places, size_t count, double *errors)
{
    size_t *sequences = memory_new(count, sizeof *sequences);
    double *values = model_prepare(model, timeline, places, count, sequences);
    struct detector_rows observations = {values, count, model->preprocess.kept, sequences};

    model->detector->errors(model->state, &observations, errors);
    free(values);
    free(sequences);
}

/* Returns whether any row has errors. */
static bool find_means(const double *errors, size_t columns, const size_t *rows, size_t count,
                       double *means)
{
    size_t used = 0;

    memset(means, 0, columns * sizeof *means);
    for (size_t i = 0; i < count; i++) {
        const double *row = errors + rows[i] * columns;

        /* A row has all of them or none. */
        if (isnan(row[0]))
            continue;
        used++;
        for (size_t j = 0; j < columns; j++)
            means[j] += row[j];
    }
    for (size_t j = 0; j < columns; j++)
        means[j] /= used > 0 ? (double)used : 1;
    return used > 0;
}

static const char *group_name(const struct model *model, const size_t *groups, size_t group)
{
    size_t i = 0;

    while (groups[i] != group)
        i++;
    return model->metrics[model->preprocess.source[i]].resource_group;
}

/* A group is called so, or after its layer: 'cpu', 'virtual cpu'. */
static bool is_called(const char *group, const char *name)
{
    size_t length = strlen(group);
    size_t tail = strlen(name);

    return strcmp(group, name) == 0 || (length > tail && group[length - tail - 1] == ' ' &&
                                        strcmp(group + length - tail, name) == 0);
}

/* Which group is the right one for the fault, the first of several layers; group_count if none is
 * known. */
static size_t right_group(const struct model *model, const struct detector_errors *description,
                          const char *fault_type)
{
    const char *right = NULL;

    for (size_t i = 0; fault_type != NULL && i < sizeof right_groups / sizeof *right_groups; i++) {
        if (strcmp(right_groups[i].fault_type, fault_type) == 0)
            right = right_groups[i].resource_group;
    }
    for (size_t group = 0; right != NULL && group < description->group_count; group++) {
        if (is_called(group_name(model, description->groups, group), right))
            return group;
    }
    return description->group_count;
}

static size_t rank_of(const struct model *model, const struct detector_errors *description,
                      const double *ratios, const char *fault_type)
{
    uint8_t *right = memory_new(description->group_count + 1, sizeof *right);
    size_t rank;

    right[right_group(model, description, fault_type)] = 1;
    rank = contribution_rank(ratios, right, description->group_count);
    free(right);
    return rank;
}

/* The metrics of one group; their means are left in the order of the columns. */
static void explain_group(const struct model *model, const struct detector_errors *description,
                          size_t group, const double *means, struct explanation *explanation)
{
    size_t columns = model->preprocess.kept;
    size_t *members = memory_new(columns, sizeof *members);
    size_t *order = memory_new(columns, sizeof *order);
    double *errors = memory_new(columns, sizeof *errors);
    double *shares = memory_new(columns, sizeof *shares);
    struct error error = {0};
    size_t count = 0;

    for (size_t i = 0; i < columns; i++) {
        if (description->groups[i] == group) {
            members[count] = i;
            errors[count++] = means[i];
        }
    }
    if (contribution_make(errors, count, shares, &error) == 0) {
        explanation->metric_count = contribution_set(shares, count, CONTRIBUTION_SHARE, order);
        explanation->metrics = memory_new(explanation->metric_count, sizeof *explanation->metrics);
        for (size_t i = 0; i < explanation->metric_count; i++) {
            size_t source = model->preprocess.source[members[order[i]]];

            explanation->metrics[i].metric = model->metrics[source].name;
            explanation->metrics[i].share = shares[order[i]];
        }
    }
    free(members);
    free(order);
    free(errors);
    free(shares);
}

void explanation_make(const struct model *model, const double *errors, const size_t *rows,
                      size_t count, const char *fault_type, struct explanation *explanation)
{
    size_t columns = model->preprocess.kept;
    struct detector_errors description;
    double *means = memory_new(columns, sizeof *means);
    double *ratios;
    size_t most = 0;

    *explanation = (struct explanation){.ratio = NAN};
    model->detector->describe_errors(model->state, &description);
    ratios = memory_new(description.group_count, sizeof *ratios);
    if (find_means(errors, columns, rows, count, means)) {
        reconstruction_group_errors(&description, means, 1, columns, ratios);
        for (size_t group = 0; group < description.group_count; group++) {
            ratios[group] /= description.thresholds[group];
            most = ratios[group] > ratios[most] ? group : most;
        }
        explanation->resource_group = group_name(model, description.groups, most);
        explanation->ratio = ratios[most];
        explanation->right_group_rank = rank_of(model, &description, ratios, fault_type);
        explain_group(model, &description, most, means, explanation);
    }
    free(ratios);
    free(means);
}

struct explanation *explanation_of_groups(const struct model *model, const double *errors,
                                          const size_t *rows, size_t count, size_t *group_count)
{
    size_t columns = model->preprocess.kept;
    struct detector_errors description;
    double *means = memory_new(columns, sizeof *means);
    struct explanation *groups = NULL;
    double *ratios;

    *group_count = 0;
    model->detector->describe_errors(model->state, &description);
    ratios = memory_new(description.group_count, sizeof *ratios);
    if (find_means(errors, columns, rows, count, means)) {
        *group_count = description.group_count;
        groups = memory_new(description.group_count, sizeof *groups);
        reconstruction_group_errors(&description, means, 1, columns, ratios);
    }
    for (size_t group = 0; group < *group_count; group++) {
        groups[group].resource_group = group_name(model, description.groups, group);
        groups[group].ratio = ratios[group] / description.thresholds[group];
        explain_group(model, &description, group, means, &groups[group]);
    }
    free(ratios);
    free(means);
    return groups;
}

void explanation_free(struct explanation *explanation)
{
    free(explanation->metrics);
}
