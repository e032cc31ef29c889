/* vnfault plan CAMPAIGN: what would be run, and how long it takes. */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "cli/findings.h"
#include "cli/verb.h"
#include "runner/load_profile.h"
#include "runner/plan.h"
#include "runner/plan_shard.h"
#include "runner/plan_windows.h"

static const char *testbed_path;
static const char *time_scale = "1";
static const char *shard_text;
static bool wants_json;

static const struct option_row options[] = {
    {"--testbed", "FILE", "use this testbed file (default: the campaign's)", OPTION_TEXT,
     &testbed_path, 0, 0},
    {"--time-scale", "RATIO", "scale durations and periods, 1/15 say (default: 1)", OPTION_TEXT,
     &time_scale, 0, 0},
    {"--shard", "K/N", "only the experiments of shard K of N (default: all)", OPTION_TEXT,
     &shard_text, 0, 0},
    {"--json", NULL, "print the plan as JSON", OPTION_FLAG, &wants_json, 0, 0},
    {NULL, NULL, NULL, OPTION_FLAG, NULL, 0, 0},
};

/* The levels of a profile; NULL for one level that is held. */
static json_t *steps_json(const struct planned_injection *injection)
{
    json_t *steps;

    if (injection->intensity->step_count == 0)
        return NULL;
    steps = json_array();
    for (size_t i = 0; i < injection->step_count; i++)
        json_array_append_new(steps, json_pack("{s:f, s:I}", "value", injection->steps[i].value,
                                               "start_ns", (json_int_t)injection->steps[i].start));
    return steps;
}

/* Where in the load profile it begins, ns; NULL where the rate is constant. */
static json_t *profile_start_json(const struct plan *plan,
                                  const struct planned_experiment *experiment)
{
    return plan->campaign->load.profile != NULL ? json_integer(experiment->profile_start) : NULL;
}

static json_t *experiment_json(const struct plan *plan, const struct planned_experiment *experiment)
{
    json_t *injections = json_array();

    for (size_t i = 0; i < experiment->injection_count; i++) {
        const struct planned_injection *injection = &experiment->injections[i];

        json_array_append_new(
            injections,
            json_pack("{s:s?, s:s, s:s, s:f, s:s, s:I, s:I, s:I, s:o*}", "target",
                      injection->fault->in_load ? NULL : planned_target(injection), "fault_type",
                      injection->fault->type, "intensity", injection->intensity->name, "value",
                      injection->intensity->value, "unit", injection->intensity->unit, "start_ns",
                      (json_int_t)injection->start, "length_ns", (json_int_t)injection->length,
                      "group", (json_int_t)injection->group, "steps", steps_json(injection)));
    }
    return json_pack("{s:I, s:s, s:I, s:o*, s:o}", "number", (json_int_t)experiment->cell + 1,
                     "name", experiment->name, "repetition", (json_int_t)experiment->repetition,
                     "profile_start_ns", profile_start_json(plan, experiment), "injections",
                     injections);
}

static json_t *load_json(const struct load_plan *load)
{
    const struct load_profile *profile = load->profile;

    if (profile == NULL)
        return json_pack("{s:f}", "rate", load->rate);
    return json_pack("{s:f, s:s, s:I, s:f}", "rate", load->rate, "profile", profile->path,
                     "profile_period_ns", (json_int_t)profile->period, "mean_rate",
                     load->rate * load_profile_range(profile).mean);
}

/* Which part of the campaign it is; NULL for the whole. */
static json_t *shard_json(const struct plan *plan)
{
    if (plan->shard.count == 0)
        return NULL;
    return json_pack("{s:I, s:I, s:I}", "number", (json_int_t)plan->shard.number, "count",
                     (json_int_t)plan->shard.count, "of_experiments",
                     (json_int_t)plan->whole_count);
}

static void print_json(const struct plan *plan)
{
    json_t *experiments = json_array();
    json_t *root;
    char scale[48];

    snprintf(scale, sizeof scale, "%" PRId64 "/%" PRId64, plan->scale.numerator,
             plan->scale.denominator);
    for (size_t i = 0; i < plan->experiment_count; i++)
        json_array_append_new(experiments, experiment_json(plan, &plan->experiments[i]));
    root = json_pack("{s:s, s:s, s:o*, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "campaign",
                     plan->campaign->name, "time_scale", scale, "shard", shard_json(plan), "load",
                     load_json(&plan->campaign->load), "monitoring_period_ns",
                     (json_int_t)plan->monitoring_period, "warm_up_ns",
                     (json_int_t)plan->timeline.warm_up, "duration_ns",
                     (json_int_t)plan->timeline.duration, "cool_down_ns",
                     (json_int_t)plan->timeline.cool_down, "length_ns", (json_int_t)plan->length,
                     "estimated_ns", (json_int_t)plan->estimate, "experiments", experiments);
    json_dumpf(root, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(root);
}

static void print_injection(const struct planned_injection *injection, int64_t repetition)
{
    char start[24];
    char length[24];

    clock_format_duration(injection->start, start, sizeof start);
    clock_format_duration(injection->length, length, sizeof length);
    printf("  %-12s %-12s %-10s %-10s %3" PRId64 "  at %s for %s", planned_target(injection),
           injection->fault->type, injection->intensity->name, injection->intensity->text,
           repetition, start, length);
    if (injection->step_count > 1)
        printf(", %zu steps", injection->step_count);
}

static void print_profile_start(const struct plan *plan,
                                const struct planned_experiment *experiment)
{
    char start[24];

    if (plan->campaign->load.profile == NULL)
        return;
    load_profile_describe(plan->campaign->load.profile, experiment->profile_start, start,
                          sizeof start);
    printf("%s load from %s", experiment->injection_count > 0 ? "," : " ", start);
}

/* A line for each of its injections. */
static void print_experiment(const struct plan *plan, const struct planned_experiment *experiment,
                             int name_width)
{
    printf("%4zu  %-*s", experiment->cell + 1, experiment->injection_count > 0 ? name_width : 0,
           experiment->name);
    for (size_t i = 0; i < experiment->injection_count; i++) {
        if (i > 0)
            printf("\n%4s  %-*s", "", name_width, "");
        print_injection(&experiment->injections[i], experiment->repetition);
    }
    print_profile_start(plan, experiment);
    putchar('\n');
}

static void print_load(const struct load_plan *load, struct time_scale scale)
{
    const struct load_profile *profile = load->profile;
    struct profile_range range;
    char period[24];

    if (profile == NULL)
        return;
    range = load_profile_range(profile);
    clock_format_duration(time_scale_apply(scale, profile->period), period, sizeof period);
    printf("load by %s: %.3g to %.3g calls/s, %.3g on average, again after %s\n", profile->path,
           range.least * load->rate, range.most * load->rate, range.mean * load->rate, period);
}

static void print_text(const struct plan *plan)
{
    char length[24];
    char estimate[24];
    char duration[24];
    char warm_up[24];
    char period[24];
    int name_width = 4;

    for (size_t i = 0; i < plan->experiment_count; i++) {
        int width = (int)strlen(plan->experiments[i].name);

        name_width = width > name_width ? width : name_width;
    }
    printf("%4s  %-*s  %-12s %-12s %-10s %-10s %3s  %s\n", "no", name_width, "name", "target",
           "fault", "intensity", "value", "rep", "injection");
    for (size_t i = 0; i < plan->experiment_count; i++)
        print_experiment(plan, &plan->experiments[i], name_width);
    clock_format_duration(plan->length, length, sizeof length);
    clock_format_duration(plan->timeline.duration, duration, sizeof duration);
    clock_format_duration(plan->timeline.warm_up, warm_up, sizeof warm_up);
    clock_format_duration(plan->monitoring_period, period, sizeof period);
    clock_format_duration(plan->estimate, estimate, sizeof estimate);
    printf(
        "\n%zu experiment%s of %s after %s warm-up, an observation every %s: %s, a run takes about "
        "%s without resets\n",
        plan->experiment_count, plan->experiment_count == 1 ? "" : "s", duration, warm_up, period,
        length, estimate);
    if (plan->shard.count > 0)
        printf("shard %" PRId64 "/%" PRId64 " of a campaign of %zu experiments\n",
               plan->shard.number, plan->shard.count, plan->whole_count);
    print_load(&plan->campaign->load, plan->scale);
}

static int print_plan(const struct campaign *campaign, struct time_scale scale, struct shard shard,
                      struct error *error)
{
    struct plan *plan;
    int result;

    if (plan_make(campaign, scale, &plan, error) < 0)
        return -1;
    result = shard.count > 0 ? plan_take_shard(plan, shard, error) : 0;
    if (result == 0)
        result = plan_check_windows(plan, error);
    if (result == 0 && wants_json)
        print_json(plan);
    else if (result == 0)
        print_text(plan);
    plan_free(plan);
    return result;
}

static int run(const char *const operands[], size_t count, struct error *error)
{
    struct findings findings = {0};
    struct time_scale scale;
    struct shard shard = {0};
    struct campaign *campaign;
    int result;

    (void)count;
    if (time_scale_parse(time_scale, &scale, error) < 0 ||
        (shard_text != NULL && shard_parse(shard_text, &shard, error) < 0))
        return -1;
    campaign = campaign_read(operands[0], testbed_path, &findings);
    findings_print(&findings, stderr);
    if (campaign != NULL)
        result = print_plan(campaign, scale, shard, error);
    else
        result = findings_error(&findings, operands[0], error);
    campaign_free(campaign);
    findings_free(&findings);
    return result;
}

const struct verb verb_plan = {
    .name = "plan",
    .summary = "list the experiments of a campaign and their total time",
    .operands = "CAMPAIGN",
    .description = "Lists every experiment in the order in which it would be run: name, target,\n"
                   "fault, intensity, repetition, when the injection starts and how long it is;\n"
                   "and the time of all. --time-scale scales every duration and period, never\n"
                   "a fault's own value. Nothing is connected to.\n",
    .options = options,
    .least_operands = 1,
    .most_operands = 1,
    .run = run,
};
