#include "analysis/comparison_strata.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* What an experiment gives to one group. */
struct part {
    size_t side;
    size_t experiment;
    size_t group;
    double value;
};

/* An experiment: its parts by group. */
struct member {
    const struct part *parts;
    size_t count;
};

struct members {
    const struct compared_group *const *groups;
    size_t figure;
    struct part *parts;
    size_t part_count;
    struct member *items; /* stratum by stratum, and of a stratum side by side */
    size_t count;
};

static int compare_numbers(size_t one, size_t other)
{
    return (one > other) - (one < other);
}

static int compare_parts(const void *left, const void *right)
{
    const struct part *one = left;
    const struct part *other = right;
    int order = compare_numbers(one->side, other->side);

    if (order == 0)
        order = compare_numbers(one->experiment, other->experiment);
    return order != 0 ? order : compare_numbers(one->group, other->group);
}

/* By the groups that they are in. */
static int compare_strata(const struct member *one, const struct member *other)
{
    int order = 0;

    for (size_t i = 0; order == 0 && i < one->count && i < other->count; i++)
        order = compare_numbers(one->parts[i].group, other->parts[i].group);
    return order != 0 ? order : compare_numbers(one->count, other->count);
}

static int compare_members(const void *left, const void *right)
{
    int order = compare_strata(left, right);

    return order != 0 ? order
                      : compare_parts(((const struct member *)left)->parts,
                                      ((const struct member *)right)->parts);
}

static void collect_parts(struct members *members, size_t group_count)
{
    size_t capacity = 0;

    for (size_t group = 0; group < group_count; group++) {
        for (size_t side = 0; side < COMPARED_SIDES; side++) {
            const struct sample *sample = &members->groups[group]->samples[side][members->figure];

            for (size_t i = 0; i < sample->count; i++) {
                members->parts = memory_grow(members->parts, members->part_count, &capacity,
                                             sizeof *members->parts);
                members->parts[members->part_count++] =
                    (struct part){side, sample->experiments[i], group, sample->values[i]};
            }
        }
    }
    if (members->part_count > 0)
        qsort(members->parts, members->part_count, sizeof *members->parts, compare_parts);
}

static void collect_members(struct members *members)
{
    members->items = memory_new(members->part_count, sizeof *members->items);
    for (size_t i = 0; i < members->part_count; i++) {
        const struct part *part = &members->parts[i];

        if (i == 0 || part[-1].side != part->side || part[-1].experiment != part->experiment)
            members->items[members->count++] = (struct member){part, 0};
        members->items[members->count - 1].count++;
    }
    if (members->count > 0)
        qsort(members->items, members->count, sizeof *members->items, compare_members);
}

static size_t size_of(const struct members *members, size_t group, size_t side)
{
    return members->groups[group]->samples[side][members->figure].count;
}

/* The experiment's value in a stratum that has so many of the experiments of its side, or of both.
 */
static double value_of(const struct members *members, const struct member *member,
                       size_t in_stratum, bool both)
{
    double sum = 0;

    for (size_t i = 0; i < member->count; i++) {
        const struct part *part = &member->parts[i];
        size_t in_group = both ? size_of(members, part->group, COMPARED_BASE) +
                                     size_of(members, part->group, COMPARED_NEW)
                               : size_of(members, part->group, part->side);

        sum += part->value * ((double)in_stratum / (double)in_group);
    }
    return sum;
}

/* The stratum of the members from `from` to before `until`, of which those of NEW begin at `new`.
 */
static void add_stratum(const struct members *members, size_t from, size_t new, size_t until,
                        struct compared_strata *strata)
{
    const size_t bounds[] = {from, new, until};
    bool both = from < new &&new < until;

    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        size_t first = bounds[side];
        size_t count = bounds[side + 1] - first;
        struct sample *own = &strata->sides[side][strata->counts[side]];

        for (size_t i = first; i < first + count; i++) {
            const struct member *member = &members->items[i];
            size_t experiment = member->parts->experiment;

            sample_add(own, value_of(members, member, count, false), experiment);
            if (both)
                sample_add(&strata->dealt[side][strata->dealt_count],
                           value_of(members, member, until - from, true), experiment);
        }
        strata->counts[side] += count > 0;
        strata->experiments[side] += count;
    }
    strata->dealt_count += both;
}

void comparison_strata_make(const struct compared_group *const *groups, size_t count, size_t figure,
                            struct compared_strata *strata)
{
    struct members members = {.groups = groups, .figure = figure};
    size_t new;

    collect_parts(&members, count);
    collect_members(&members);
    memset(strata, 0, sizeof *strata);
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        strata->sides[side] = memory_new(members.count, sizeof *strata->sides[side]);
        strata->dealt[side] = memory_new(members.count, sizeof *strata->dealt[side]);
    }
    for (size_t from = 0, until; from < members.count; from = until) {
        new = from;
        for (until = from; until < members.count &&
                           compare_strata(&members.items[from], &members.items[until]) == 0;
             until++)
            new += members.items[until].parts->side == COMPARED_BASE;
        add_stratum(&members, from, new, until, strata);
    }
    free(members.items);
    free(members.parts);
}

static void free_samples(struct sample *samples, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sample_free(&samples[i]);
    free(samples);
}

void comparison_strata_free(struct compared_strata *strata)
{
    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        free_samples(strata->sides[side], strata->counts[side]);
        free_samples(strata->dealt[side], strata->dealt_count);
    }
}
