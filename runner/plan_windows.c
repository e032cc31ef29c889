#include "runner/plan_windows.h"

#include <stdio.h>

#include "base/clock.h"

/* What is advised: a fault is gone somewhat after its end was commanded. */
#define SAFE_AFTER (LEAST_JUDGED + CLOCK_SECOND)

/* So much is judged only if a window happens to lie in it (validity.c). */
static bool is_judged(const struct plan *plan, int64_t length)
{
    return length > 2 * plan->monitoring_period;
}

/* A duration of the plan as it would have to stand in the campaign file, whole seconds. */
static void describe_unscaled(const struct plan *plan, int64_t duration, char *text, size_t size)
{
    const struct time_scale inverse = {plan->scale.denominator, plan->scale.numerator};
    int64_t unscaled = time_scale_apply(inverse, duration);

    unscaled = (unscaled + CLOCK_SECOND - 1) / CLOCK_SECOND * CLOCK_SECOND;
    clock_format_duration(unscaled, text, size);
}

static int too_short(const struct planned_experiment *experiment, int64_t length, const char *where,
                     struct error *error)
{
    return error_set(error, ERROR_INPUT, "%s: the %.1f s %s are too short to judge the service by",
                     experiment->name, (double)length / (double)CLOCK_SECOND, where);
}

/* How long a level of a profile is there for. */
static int64_t level_length(const struct planned_injection *injection, size_t level)
{
    int64_t end =
        level + 1 < injection->step_count ? injection->steps[level + 1].start : injection->length;

    return end - injection->steps[level].start;
}

static int check_levels(const struct plan *plan, const struct planned_experiment *experiment,
                        const struct planned_injection *injection, struct error *error)
{
    int64_t least = injection->fault->level_time;
    char words[24];

    for (size_t i = 0; injection->step_count > 1 && i < injection->step_count; i++) {
        double length = (double)level_length(injection, i) / (double)CLOCK_SECOND;

        if (level_length(injection, i) >= least)
            continue;
        error_set(error, ERROR_INPUT,
                  "%s: level %zu of %zu lasts %.3g s, but to make and measure one of %s takes "
                  "about %.0f s",
                  experiment->name, i + 1, injection->step_count, length, injection->fault->type,
                  (double)least / (double)CLOCK_SECOND);
        describe_unscaled(plan, least, words, sizeof words);
        return error_hint(error, "the shortest level at this time scale is %s", words);
    }
    return 0;
}

static int check_experiment(const struct plan *plan, const struct planned_experiment *experiment,
                            struct error *error)
{
    int64_t first = experiment->injections[0].start;
    int64_t settled = 0;
    int64_t after;
    char words[24];

    for (size_t i = 0; i < experiment->injection_count; i++) {
        const struct planned_injection *injection = &experiment->injections[i];
        int64_t end = injection->start + injection->length + plan->timeline.cool_down;

        if (check_levels(plan, experiment, injection, error) < 0)
            return -1;
        settled = end > settled ? end : settled;
    }
    after = plan->timeline.duration - settled;
    if (is_judged(plan, first) && first < LEAST_JUDGED) {
        too_short(experiment, first, "before its first fault", error);
        describe_unscaled(plan, LEAST_JUDGED, words, sizeof words);
        return error_hint(error, "at this time scale the first fault starts at %s at the earliest",
                          words);
    }
    if (is_judged(plan, after) && after < LEAST_JUDGED) {
        too_short(experiment, after, "after its last cool-down", error);
        describe_unscaled(plan, settled + SAFE_AFTER, words, sizeof words);
        return error_hint(error, "the shortest duration at this time scale is %s", words);
    }
    return 0;
}

int plan_check_windows(const struct plan *plan, struct error *error)
{
    for (size_t i = 0; i < plan->experiment_count; i++) {
        const struct planned_experiment *experiment = &plan->experiments[i];

        if (experiment->injection_count > 0 && check_experiment(plan, experiment, error) < 0)
            return -1;
    }
    return 0;
}
