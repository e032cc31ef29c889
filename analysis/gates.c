#include "analysis/gates.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/permutation.h"
#include "base/memory.h"
#include "base/text.h"

const char *const gate_outcome_names[GATE_OUTCOMES] = {"passed", "regression", "unjudged"};

void gates_free(struct gates *gates)
{
    for (size_t i = 0; i < gates->count; i++) {
        free(gates->items[i].fault_type);
        free(gates->items[i].intensity);
        free(gates->items[i].target);
    }
    free(gates->items);
    memset(gates, 0, sizeof *gates);
}

void gate_verdicts_free(struct gate_verdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++)
        free(verdicts->items[i].why);
    free(verdicts->items);
    memset(verdicts, 0, sizeof *verdicts);
}

size_t gate_verdicts_count(const struct gate_verdicts *verdicts, enum gate_outcome outcome)
{
    size_t count = 0;

    for (size_t i = 0; i < verdicts->count; i++)
        count += verdicts->items[i].outcome == outcome;
    return count;
}

/* Nothing is known of either side. */
static void clear_row(struct compared_row *row)
{
    for (size_t side = 0; side < COMPARED_SIDES; side++)
        row->sides[side] = (struct compared_value){.value = NAN, .lower = NAN, .upper = NAN};
    row->difference = row->p = row->least_p = NAN;
    row->corrected_p = row->corrected_least_p = NAN;
}

static struct gate_verdict *add_verdict(struct gate_verdicts *verdicts, const struct gate *gate)
{
    struct gate_verdict *verdict;

    verdicts->items =
        memory_grow(verdicts->items, verdicts->count, &verdicts->capacity, sizeof *verdicts->items);
    verdict = &verdicts->items[verdicts->count++];
    memset(verdict, 0, sizeof *verdict);
    clear_row(&verdict->row);
    verdict->gate = gate;
    verdict->row.figure = gate->figure;
    verdict->row.fault_type = gate->fault_type;
    verdict->row.intensity = gate->intensity;
    verdict->row.target = gate->target;
    return verdict;
}

/* Takes the text. The first reason stays. */
static void set_unjudged(struct gate_verdict *verdict, char *why)
{
    if (verdict->outcome == GATE_UNJUDGED) {
        free(why);
        return;
    }
    verdict->outcome = GATE_UNJUDGED;
    verdict->why = why;
}

static bool is_asked_for(const char *asked, const char *name)
{
    return asked == NULL || (name != NULL && strcmp(asked, name) == 0);
}

static bool is_of_group(const struct gate *gate, const struct compared_group *group)
{
    if (group->fault_type == NULL)
        return gate->fault_type != NULL && strcmp(gate->fault_type, "nominal") == 0;
    return is_asked_for(gate->fault_type, group->fault_type) &&
           is_asked_for(gate->intensity, group->intensity) &&
           is_asked_for(gate->target, group->target);
}

/* ' (cpu high on sprout)', where the verdict is of several groups. */
static char *name_of(const struct gate *gate, const struct compared_group *group)
{
    if (!gate->together)
        return memory_string("");
    if (group->fault_type == NULL)
        return memory_string(" (nominal)");
    return memory_format(" (%s %s on %s)", group->fault_type, group->intensity, group->target);
}

/* A group that can't be compared, or not as the gate demands, leaves the verdict unjudged. So does
 * an experiment without a value, which may be the worst of all: no call ended, say. */
static void check_experiments(const struct gate *gate, const struct compared_group *group,
                              struct gate_verdict *verdict)
{
    static const char *const names[COMPARED_SIDES] = {"BASE", "NEW"};
    char *name = name_of(gate, group);

    for (size_t side = 0; side < COMPARED_SIDES; side++) {
        size_t values = group->samples[side][gate->figure].count;

        if (group->experiments[side] > values && values >= gate->experiments)
            set_unjudged(verdict, memory_format("%zu of %zu valid experiments in %s have no value"
                                                "%s",
                                                group->experiments[side] - values,
                                                group->experiments[side], names[side], name));
        else if (values < gate->experiments)
            set_unjudged(verdict, memory_format("%zu valid experiment%s in %s, %llu needed%s",
                                                values, values == 1 ? "" : "s", names[side],
                                                (unsigned long long)gate->experiments, name));
    }
    free(name);
}

static bool has_values(const struct gate *gate, const struct compared_group *group)
{
    return group->samples[COMPARED_BASE][gate->figure].count > 0 ||
           group->samples[COMPARED_NEW][gate->figure].count > 0;
}

static void judge_each(const struct gate *gate, const struct comparison *comparison,
                       struct gate_verdicts *verdicts)
{
    bool *chosen = memory_new(comparison->group_count, sizeof *chosen);

    for (size_t i = 0; i < comparison->group_count; i++) {
        const struct compared_group *group = &comparison->groups[i];
        struct gate_verdict *verdict;

        if (!is_of_group(gate, group) || !has_values(gate, group))
            continue;
        memset(chosen, 0, comparison->group_count * sizeof *chosen);
        chosen[i] = true;
        verdict = add_verdict(verdicts, gate);
        comparison_row_over(comparison, gate->figure, chosen, &verdict->row);
        verdict->row.fault_type = group->fault_type;
        verdict->row.intensity = group->intensity;
        verdict->row.target = group->target;
        check_experiments(gate, group, verdict);
    }
    free(chosen);
}

static void judge_together(const struct gate *gate, const struct comparison *comparison,
                           struct gate_verdicts *verdicts)
{
    bool *chosen = memory_new(comparison->group_count, sizeof *chosen);
    struct gate_verdict *verdict = NULL;

    for (size_t i = 0; i < comparison->group_count; i++) {
        const struct compared_group *group = &comparison->groups[i];

        chosen[i] = is_of_group(gate, group) && has_values(gate, group);
        if (chosen[i] && verdict == NULL)
            verdict = add_verdict(verdicts, gate);
        if (chosen[i])
            check_experiments(gate, group, verdict);
    }
    if (verdict != NULL)
        comparison_row_over(comparison, gate->figure, chosen, &verdict->row);
    free(chosen);
}

static bool is_of_row(const struct gate *gate, const struct compared_row *row)
{
    return row->figure == gate->figure && is_asked_for(gate->fault_type, row->fault_type) &&
           is_asked_for(gate->target, row->target);
}

/* A figure that one of the runs lacks may be the worst of all, so it is not passed over. */
static void judge_detectors(const struct gate *gate, const struct comparison *comparison,
                            struct gate_verdicts *verdicts)
{
    for (size_t i = 0; i < comparison->row_count; i++) {
        if (is_of_row(gate, &comparison->rows[i]))
            add_verdict(verdicts, gate)->row = comparison->rows[i];
    }
    for (size_t i = 0; i < comparison->lost_count; i++) {
        const struct compared_row *row = &comparison->lost[i];
        struct gate_verdict *verdict;

        if (!is_of_row(gate, row))
            continue;
        verdict = add_verdict(verdicts, gate);
        verdict->row = *row;
        set_unjudged(verdict,
                     memory_format("the evaluation of %s has no such figure",
                                   isnan(row->sides[COMPARED_BASE].value) ? "BASE" : "NEW"));
    }
}

/* Why a gate is of nothing, with the name that may have been meant. */
static char *explain_nothing(const struct gate *gate, const struct comparison *comparison)
{
    const char **names = memory_new(3 * comparison->group_count, sizeof *names);
    const char *const asked[] = {gate->fault_type, gate->intensity, gate->target};
    struct text why = {0};
    size_t count = 0;

    for (size_t i = 0; i < comparison->group_count; i++) {
        const struct compared_group *group = &comparison->groups[i];

        if (group->fault_type == NULL)
            continue;
        names[count++] = group->fault_type;
        names[count++] = group->intensity;
        names[count++] = group->target;
    }
    text_append(&why,
                gate->figure == FIGURE_TIME_TO_DETECT || gate->figure >= FIGURES_OF_EXPERIMENTS
                    ? "the runs have no such figure, which needs an evaluation of both"
                    : "the runs have no valid experiment of it");
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        const char *nearest = asked[i] != NULL ? string_nearest(asked[i], names, count) : NULL;

        if (nearest != NULL && strcmp(nearest, asked[i]) != 0)
            text_appendf(&why, "; did you mean '%.60s'?", nearest);
    }
    free(names);
    return why.bytes;
}

static void judge_gate(const struct gate *gate, const struct comparison *comparison,
                       struct gate_verdicts *verdicts)
{
    size_t before = verdicts->count;

    if (gate->figure >= FIGURES_OF_EXPERIMENTS)
        judge_detectors(gate, comparison, verdicts);
    else if (gate->together)
        judge_together(gate, comparison, verdicts);
    else
        judge_each(gate, comparison, verdicts);
    if (verdicts->count == before)
        set_unjudged(add_verdict(verdicts, gate), explain_nothing(gate, comparison));
}

static bool is_test(const struct gate_verdict *verdict)
{
    return verdict->outcome != GATE_UNJUDGED && !isnan(verdict->gate->significance);
}

/* Corrects the least p of the tests left. Returns the one that can't reach its level and is the
 * furthest from it; NULL if all can. */
static struct gate_verdict *find_blind(struct gate_verdicts *verdicts, double *values,
                                       double *corrected)
{
    struct gate_verdict *blind = NULL;

    for (size_t i = 0; i < verdicts->count; i++)
        values[i] = is_test(&verdicts->items[i]) ? verdicts->items[i].row.least_p : NAN;
    permutation_holm(values, verdicts->count, corrected);
    for (size_t i = 0; i < verdicts->count; i++) {
        struct gate_verdict *verdict = &verdicts->items[i];

        if (!is_test(verdict))
            continue;
        verdict->row.corrected_least_p = corrected[i];
        if (corrected[i] > verdict->gate->significance &&
            (blind == NULL || verdict->row.least_p > blind->row.least_p))
            blind = verdict;
    }
    return blind;
}

/* A test needs experiments with the same faults in both runs. */
static void check_tests(struct gate_verdicts *verdicts)
{
    for (size_t i = 0; i < verdicts->count; i++) {
        struct gate_verdict *verdict = &verdicts->items[i];

        if (is_test(verdict) && isnan(verdict->row.least_p))
            set_unjudged(verdict, memory_string("there is nothing to test: no experiment of BASE "
                                                "and none of NEW have the same faults"));
    }
}

/* Leaves out the tests that could find nothing: each makes it harder for the others. */
static void correct(struct gate_verdicts *verdicts)
{
    double *values = memory_new(2 * verdicts->count, sizeof *values);
    double *corrected = values + verdicts->count;
    struct gate_verdict *blind;

    while ((blind = find_blind(verdicts, values, corrected)) != NULL) {
        const struct compared_value *sides = blind->row.sides;

        set_unjudged(blind,
                     memory_format("%zu against %zu experiments are too few: whatever is "
                                   "measured, p can't be below %.2g",
                                   sides[COMPARED_BASE].experiments,
                                   sides[COMPARED_NEW].experiments, blind->row.corrected_least_p));
    }
    for (size_t i = 0; i < verdicts->count; i++)
        values[i] = is_test(&verdicts->items[i]) ? verdicts->items[i].row.p : NAN;
    permutation_holm(values, verdicts->count, corrected);
    for (size_t i = 0; i < verdicts->count; i++)
        verdicts->items[i].row.corrected_p = corrected[i];
    free(values);
}

static bool is_regression(const struct gate_verdict *verdict)
{
    const struct gate *gate = verdict->gate;
    double base = verdict->row.sides[COMPARED_BASE].value;
    double worse = gate->higher_is_worse ? verdict->row.difference : -verdict->row.difference;

    return worse > 0 && (isnan(gate->absolute) || worse > gate->absolute) &&
           (isnan(gate->relative) || worse > gate->relative * fabs(base)) &&
           (isnan(gate->significance) || verdict->row.corrected_p <= gate->significance);
}

void gates_judge(const struct gates *gates, const struct comparison *comparison,
                 struct gate_verdicts *verdicts)
{
    memset(verdicts, 0, sizeof *verdicts);
    for (size_t i = 0; i < gates->count; i++)
        judge_gate(&gates->items[i], comparison, verdicts);
    check_tests(verdicts);
    correct(verdicts);
    for (size_t i = 0; i < verdicts->count; i++) {
        struct gate_verdict *verdict = &verdicts->items[i];

        if (verdict->outcome != GATE_UNJUDGED && is_regression(verdict))
            verdict->outcome = GATE_REGRESSION;
    }
}
