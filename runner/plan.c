#include "runner/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "runner/load.h"
#include "runner/load_profile.h"
#include "runner/plan_expand.h"

#define LEAST_PERIOD (50 * CLOCK_MILLISECOND)
#define LEAST_INJECTION CLOCK_SECOND
#define LEAST_SEGMENT CLOCK_SECOND
/* Arming the injections, ending the load and looking at all: what it took in runs on the lab. */
#define ARMING_AND_ENDING (2 * CLOCK_SECOND)
#define MOST_LENGTH (INT64_C(100) * 366 * 86400 * CLOCK_SECOND)
enum { MOST_TERM = 1000000 }; /* of a time scale's numerator and denominator */

int time_scale_parse(const char *text, struct time_scale *scale, struct error *error)
{
    const char *at = text;
    bool is_scale = string_read_count(&at, MOST_TERM, &scale->numerator);

    scale->denominator = 1;
    if (is_scale && *at == '/') {
        at++;
        is_scale = string_read_count(&at, MOST_TERM, &scale->denominator);
    }
    if (is_scale && *at == '\0')
        return 0;
    error_set(error, ERROR_INPUT, "\"%.40s\" is not a time scale", text);
    return error_hint(error, "a time scale is written like 1/15: an hour takes four minutes");
}

int64_t time_scale_apply(struct time_scale scale, int64_t duration)
{
    int64_t whole = duration / scale.denominator;
    int64_t rest = duration % scale.denominator;

    /* Split so that no product overflows: a duration is under 2^55 ns before it is scaled. */
    if (whole > INT64_MAX / scale.numerator - 1)
        return INT64_MAX;
    return whole * scale.numerator +
           (rest * scale.numerator + scale.denominator / 2) / scale.denominator;
}

static int too_short(const char *what, int64_t duration, struct error *error)
{
    char words[24];

    clock_format_duration(duration, words, sizeof words);
    error_set(error, ERROR_INPUT, "%s scaled to %s is too short", what, words);
    return error_hint(error, "it is at least 1s: take a scale nearer to 1");
}

/* The load is told of each point of its profile. */
static int check_profile(const struct plan *plan, struct error *error)
{
    const struct load_profile *profile = plan->campaign->load.profile;
    size_t count = profile != NULL ? profile->count : 0;

    for (size_t i = 0; i < count; i++) {
        struct profile_segment segment = load_profile_segment(profile, profile->points[i].time);
        int64_t length = time_scale_apply(plan->scale, segment.end - segment.start);

        if (length < LEAST_SEGMENT)
            return too_short("the time between two lines of the load profile", length, error);
    }
    return 0;
}

static int check_durations(const struct plan *plan, struct error *error)
{
    char words[24];
    const struct timeline *timeline = &plan->timeline;

    if (plan->monitoring_period < LEAST_PERIOD) {
        clock_format_duration(plan->monitoring_period, words, sizeof words);
        error_set(error, ERROR_INPUT, "a monitoring period scaled to %s is too short", words);
        return error_hint(error, "it is at least 50ms: take a scale nearer to 1");
    }
    if (check_profile(plan, error) < 0)
        return -1;
    if (timeline->injection_length > 0 && timeline->injection_length < LEAST_INJECTION)
        return too_short("an injection", timeline->injection_length, error);
    return 0;
}

const char *planned_target(const struct planned_injection *injection)
{
    return injection->fault->in_load ? "load" : injection->target->name;
}

/* The time that one level of an injection is held. */
static int64_t step_length(const struct planned_injection *injection, size_t step)
{
    int64_t end =
        step + 1 < injection->step_count ? injection->steps[step + 1].start : injection->length;

    return end - injection->steps[step].start;
}

static int check_steps(const struct planned_injection *injection, struct error *error)
{
    for (size_t i = 0; i < injection->step_count; i++) {
        int64_t length = step_length(injection, i);

        if (length < LEAST_INJECTION)
            return too_short(injection->step_count > 1 ? "a step" : "an injection", length, error);
    }
    return 0;
}

static int check_injections(const struct plan *plan, struct error *error)
{
    for (size_t i = 0; i < plan->experiment_count; i++) {
        const struct planned_experiment *experiment = &plan->experiments[i];

        for (size_t j = 0; j < experiment->injection_count; j++) {
            if (check_steps(&experiment->injections[j], error) < 0)
                return -1;
        }
    }
    return 0;
}

/* Fisher and Yates, from the end. */
static void shuffle(struct plan *plan, uint64_t seed)
{
    struct random random;

    random_seed(&random, seed);
    for (size_t i = plan->experiment_count; i > 1; i--) {
        size_t other = (size_t)random_below(&random, i);
        struct planned_experiment experiment = plan->experiments[i - 1];

        plan->experiments[i - 1] = plan->experiments[other];
        plan->experiments[other] = experiment;
    }
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* 'a' with 'b-c' and 'a-b' with 'c' make the same name: names must tell experiments apart. */
static int check_names(const struct plan *plan, struct error *error)
{
    const char **names = memory_new(plan->experiment_count, sizeof *names);
    int result = 0;

    for (size_t i = 0; i < plan->experiment_count; i++)
        names[i] = plan->experiments[i].name;
    qsort(names, plan->experiment_count, sizeof *names, compare_names);
    for (size_t i = 1; i < plan->experiment_count && result == 0; i++) {
        if (strcmp(names[i - 1], names[i]) == 0) {
            result = error_set(error, ERROR_INPUT, "two experiments would be called %s", names[i]);
            error_hint(error, "give the intensity or the target another name");
        }
    }
    free(names);
    return result;
}

/* What a run takes beside the length, of each experiment. */
static int64_t estimate_around(const struct plan *plan)
{
    const struct load_plan *load = &plan->campaign->load;
    const struct load_driver *driver = load_driver_find(load->driver);

    return (driver != NULL ? driver->preparation(load) : 0) + ARMING_AND_ENDING;
}

/* Fills in the length of all experiments. */
static int add_up(struct plan *plan, struct error *error)
{
    int64_t count = (int64_t)plan->experiment_count;
    const struct timeline *timeline = &plan->timeline;
    int64_t around;
    int64_t most;

    if (timeline->warm_up > MOST_LENGTH || timeline->duration > MOST_LENGTH ||
        timeline->warm_up + timeline->duration > MOST_LENGTH / (count > 0 ? count : 1))
        return error_set(error, ERROR_INPUT, "the campaign would last over 100 years");
    plan->length = count * (timeline->warm_up + timeline->duration);
    around = estimate_around(plan);
    most = MOST_LENGTH / (count > 0 ? count : 1);
    plan->estimate = plan->length + count * (around < most ? around : most);
    return 0;
}

int plan_make(const struct campaign *campaign, struct time_scale scale, struct plan **plan,
              struct error *error)
{
    struct plan *made = memory_new(1, sizeof *made);
    const struct timeline *timeline = &campaign->timeline;

    made->campaign = campaign;
    made->scale = scale;
    made->monitoring_period = time_scale_apply(scale, campaign->monitoring_period);
    made->timeline.warm_up = time_scale_apply(scale, timeline->warm_up);
    made->timeline.duration = time_scale_apply(scale, timeline->duration);
    made->timeline.injection_start = time_scale_apply(scale, timeline->injection_start);
    made->timeline.injection_length = time_scale_apply(scale, timeline->injection_length);
    made->timeline.cool_down = time_scale_apply(scale, timeline->cool_down);
    if (check_durations(made, error) < 0) {
        plan_free(made);
        return -1;
    }
    if (plan_expand(made, error) < 0 || check_injections(made, error) < 0) {
        plan_free(made);
        return -1;
    }
    if (campaign->order == ORDER_SHUFFLED)
        shuffle(made, campaign->seed);
    for (size_t i = 0; i < made->experiment_count; i++)
        made->experiments[i].cell = i;
    made->whole_count = made->experiment_count;
    if (add_up(made, error) < 0 || check_names(made, error) < 0) {
        plan_free(made);
        return -1;
    }
    *plan = made;
    return 0;
}

void plan_clear(struct plan *plan)
{
    for (size_t i = 0; i < plan->experiment_count; i++)
        planned_experiment_free(&plan->experiments[i]);
    free(plan->experiments);
    *plan = (struct plan){0};
}

void plan_free(struct plan *plan)
{
    if (plan == NULL)
        return;
    plan_clear(plan);
    free(plan);
}
