#include "runner/calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "runner/calibration_quest.h"
#include "runner/calibration_record.h"
#include "store/writer.h"

#define HIGHEST_RATE 100000 /* calls per second */
#define LOWEST_OF_START 0.1 /* the lowest rate that is tried, of the campaign's */

struct calibration {
    const struct calibration_setting *setting;
    struct calibration_findings *findings;
    struct quest *quests;
    size_t quest_count;
    size_t current;
    struct calibration_levels *levels; /* of the load, or one for each fault and target */
    size_t levels_count;
    double value; /* of the step under way */
    size_t cell;
    struct plan plan;
};

static void add_load_quests(struct calibration *calibration)
{
    const struct load_plan *load = &calibration->setting->campaign->load;
    struct quest quest = {
        .unit = "calls/s",
        .range = {.start = load->rate,
                  .least = fmax(1, ceil(load->rate * LOWEST_OF_START)),
                  .most = HIGHEST_RATE,
                  .precision = calibration->setting->precision,
                  .whole = true},
        .least_rate = load->minimum_rate_share,
    };

    calibration->levels = memory_new(1, sizeof *calibration->levels);
    calibration->levels_count = 1;
    calibration->quests = memory_new(2, sizeof *calibration->quests);
    calibration->quest_count = 2;
    quest.levels = calibration->levels;
    quest.goal = CALIBRATE_SATURATION;
    quest.limit = SATURATION_LOSS;
    calibration->quests[0] = quest;
    quest.goal = CALIBRATE_RATE;
    quest.limit = load->maximum_failure_share;
    calibration->quests[1] = quest;
}

static void add_fault_quests(struct calibration *calibration)
{
    const struct calibration_setting *setting = calibration->setting;
    const struct campaign *campaign = setting->campaign;

    calibration->quest_count = campaign->fault_count * campaign->target_count;
    calibration->levels_count = calibration->quest_count;
    calibration->levels = memory_new(calibration->levels_count, sizeof *calibration->levels);
    calibration->quests = memory_new(calibration->quest_count, sizeof *calibration->quests);
    for (size_t i = 0; i < calibration->quest_count; i++) {
        size_t fault = i / campaign->target_count;
        const struct intensity *intensity = campaign->faults[fault].intensities;
        const struct injector *injector =
            injector_find(setting->injectors, campaign->faults[fault].type);

        calibration->quests[i] = (struct quest){
            .goal = CALIBRATE_INTENSITY,
            .fault = fault,
            .target = campaign->targets[i % campaign->target_count],
            .unit = injector->unit,
            .range = {.start = intensity->value,
                      .least = injector->least,
                      .most = injector->most,
                      .precision = setting->precision,
                      .whole = strcmp(injector->unit, "workers") == 0},
            .limit = setting->most_failures,
            .levels = &calibration->levels[i],
        };
    }
}

/* Failures of a step without a fault are what is measured: the runner is not to judge them. */
static void let_calls_fail(struct load_plan *load)
{
    load->maximum_failure_share = 1;
    load->minimum_rate_share = 0;
}

static int too_many_at_lowest(const struct calibration_finding *finding, struct error *error)
{
    if (finding->limit == LIMIT_REFUSED)
        error_set(error, ERROR_INCONCLUSIVE, "nothing could be measured at %g%s: %s",
                  finding->value, finding->unit, finding->reason);
    else if (finding->limit == LIMIT_GENERATOR)
        error_set(error, ERROR_INCONCLUSIVE,
                  "the load hosts make %.1f calls/s already where %g are asked for", finding->rate,
                  finding->value);
    else
        error_set(error, ERROR_INCONCLUSIVE,
                  "%.2f%% of the calls fail already at %g%s, the lowest tried",
                  100 * finding->failures.share, finding->value, finding->unit);
    if (finding->goal == CALIBRATE_INTENSITY)
        return error_hint(error, "see the run: what the fault did is in its table injection");
    return error_hint(error, "is the service well? The lowest rate tried is a tenth of the "
                             "campaign's: give it a lower one");
}

static int lacks_saturation(const struct calibration_finding *finding, struct error *error)
{
    if (finding->limit == LIMIT_RANGE)
        return error_set(error, ERROR_INCONCLUSIVE,
                         "the service is not saturated at %g calls/s, the highest tried",
                         finding->value);
    error_set(error, ERROR_INCONCLUSIVE,
              "the load hosts can't make %g calls/s, at %g the service is not saturated",
              finding->beyond, finding->value);
    return error_hint(error, "give the load hosts more CPU, or leave --share-of-saturation out");
}

/* What a later search needs of this one, or can't do without. */
static int use_finding(struct calibration *calibration, const struct calibration_finding *finding,
                       struct error *error)
{
    const struct calibration_setting *setting = calibration->setting;
    struct search_range *next;

    if (finding->goal == CALIBRATE_INTENSITY)
        return 0;
    if (!finding->found)
        return too_many_at_lowest(finding, error);
    if (finding->goal != CALIBRATE_SATURATION)
        return 0;
    if (setting->needs_saturation && finding->limit != LIMIT_FAILURES &&
        finding->limit != LIMIT_REFUSED)
        return lacks_saturation(finding, error);
    next = &calibration->quests[calibration->current + 1].range;
    next->most = fmax(floor(finding->value * setting->share_of_saturation), next->least);
    next->start = next->most;
    return 0;
}

/* For whoever reads the run: docs/run-database.md. */
static int record_finding(struct store *store, const struct calibration_finding *finding,
                          struct error *error)
{
    static const char *const names[] = {"saturation", "rate"};
    struct text text = {0};
    char *name = finding->goal == CALIBRATE_INTENSITY
                     ? memory_format("%s on %s", finding->fault_type, finding->target)
                     : memory_string(names[finding->goal]);
    int result;

    text_appendf(&text, "%s%g%s: %.2f%% of %lld calls failed (%.2f%% to %.2f%%), %.1f calls/s",
                 finding->found ? "" : "none; ", finding->value, finding->unit,
                 100 * finding->failures.share, (long long)finding->failures.calls,
                 100 * finding->failures.least, 100 * finding->failures.most, finding->rate);
    result = store_put_fact(store, "calibration", name, text_string(&text), error);
    text_free(&text);
    free(name);
    return result;
}

static int conclude(struct calibration *calibration, struct store *store,
                    const struct search_result *result, struct error *error)
{
    const struct calibration_setting *setting = calibration->setting;
    const struct quest *quest = &calibration->quests[calibration->current];
    struct calibration_findings *findings = calibration->findings;
    struct calibration_finding finding = quest_finding(quest, result, setting->campaign);

    findings->items[findings->count++] = finding;
    setting->listener->found(setting->listener->context, &finding);
    if (record_finding(store, &finding, error) < 0)
        return -1;
    return use_finding(calibration, &finding, error);
}

static int plan_step(struct calibration *calibration, double value, struct error *error)
{
    const struct calibration_setting *setting = calibration->setting;
    const struct quest *quest = &calibration->quests[calibration->current];
    const struct calibration_level *level = calibration_levels_find(quest->levels, value);
    int64_t repetition = level != NULL ? (int64_t)level->steps + 1 : 1;

    calibration->value = value;
    if (quest->goal == CALIBRATE_INTENSITY)
        return calibration_plan_fault(setting->campaign, &setting->times, quest->fault,
                                      quest->target, value, repetition, calibration->cell,
                                      &calibration->plan, error);
    return calibration_plan_load(setting->campaign, &setting->times, value, repetition,
                                 calibration->cell, &calibration->plan, error);
}

static void tell_step(const struct calibration *calibration,
                      const struct calibration_measurement *measurement,
                      const struct calibration_level *level)
{
    const struct calibration_listener *listener = calibration->setting->listener;
    const struct quest *quest = &calibration->quests[calibration->current];
    const struct calibration_step step = {
        .number = calibration->cell + 1,
        .name = calibration->plan.experiments[0].name,
        .goal = quest->goal,
        .value = calibration->value,
        .unit = quest->unit,
        .measurement = measurement,
        .level = level,
        .failures = calibration_level_failures(level),
        .decisive = quest_share(quest, level),
        .limit = quest->limit,
        .answer = quest_answer(quest, level),
    };

    listener->measured(listener->context, &step);
}

/* A service that could not be measured twice, and never yet, is not looked at further down. */
static int check_measurable(const struct quest *quest, struct error *error)
{
    size_t refused = 0;

    for (size_t i = 0; i < quest->levels->count; i++) {
        const struct calibration_level *level = &quest->levels->items[i];

        if (level->refused < level->steps)
            return 0;
        refused += level->refused;
    }
    if (quest->goal == CALIBRATE_INTENSITY || refused < SEARCH_CONFIRMED)
        return 0;
    return error_set(error, ERROR_INCONCLUSIVE, "the service can't be measured: %s",
                     quest->levels->items[0].reason);
}

static int take_step(struct calibration *calibration, struct store *store,
                     const struct experiment_outcome *outcome, struct error *error)
{
    const struct quest *quest = &calibration->quests[calibration->current];
    struct calibration_measurement measurement;

    if (calibration_record_read(store, (int64_t)calibration->cell,
                                calibration->setting->times.settling, &measurement, error) < 0)
        return -1;
    if (outcome->service_ended && !measurement.refused) {
        measurement.refused = true;
        snprintf(measurement.reason, sizeof measurement.reason, "%s", outcome->note);
    }
    tell_step(calibration, &measurement,
              calibration_levels_add(quest->levels, calibration->value, &measurement));
    calibration->cell++;
    return check_measurable(quest, error);
}

/* Called by the run after each step. */
static int next_step(void *context, struct store *store, const struct experiment_outcome *outcome,
                     bool *more, struct error *error)
{
    struct calibration *calibration = context;

    if (take_step(calibration, store, outcome, error) < 0)
        return -1;
    for (*more = false; calibration->current < calibration->quest_count; calibration->current++) {
        struct search_result result = quest_next(&calibration->quests[calibration->current]);

        if (result.state == SEARCH_MEASURE) {
            *more = true;
            return plan_step(calibration, result.value, error);
        }
        if (conclude(calibration, store, &result, error) < 0)
            return -1;
    }
    return 0;
}

static void no_outcome(void *context, const struct run_progress *progress,
                       const struct planned_experiment *experiment,
                       const struct experiment_outcome *outcome)
{
    (void)context;
    (void)progress;
    (void)experiment;
    (void)outcome;
}

static int run_steps(struct calibration *calibration, struct error *error)
{
    const struct calibration_setting *setting = calibration->setting;
    const struct run_listener listener = {
        .context = setting->listener->context,
        .progress = setting->listener->progress,
        .ended = no_outcome,
    };
    const struct run_steering steering = {.context = calibration, .next = next_step};
    struct run_outcome outcome;

    if (plan_step(calibration, quest_next(&calibration->quests[0]).value, error) < 0)
        return -1;
    return run_campaign(
        &(struct run_setting){
            .plan = &calibration->plan,
            .steering = &steering,
            .injectors = setting->injectors,
            .folder = setting->folder,
            .version = setting->version,
            .faults = true,
            .lease = setting->lease,
            .stop = setting->stop,
            .listener = &listener,
        },
        &outcome, error);
}

/* Any intensity that could not be found makes the whole inconclusive. */
static int check_found(const struct calibration_findings *findings, struct error *error)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (!findings->items[i].found) {
            too_many_at_lowest(&findings->items[i], error);
            error_where(error, "%s", findings->items[i].fault_type);
            return error_target(error, findings->items[i].target);
        }
    }
    return 0;
}

int calibrate(const struct calibration_setting *setting, struct calibration_findings *findings,
              struct error *error)
{
    struct campaign *campaign = setting->campaign;
    struct calibration calibration = {.setting = setting, .findings = findings};
    char *name = memory_format("%s-calibration", campaign->name);
    int result;

    free(campaign->name);
    campaign->name = name;
    if (campaign->fault_count > 0) {
        add_fault_quests(&calibration);
    } else {
        add_load_quests(&calibration);
        let_calls_fail(&campaign->load);
    }
    findings->items = memory_new(calibration.quest_count, sizeof *findings->items);
    findings->count = 0;
    result = run_steps(&calibration, error);
    if (result == 0)
        result = check_found(findings, error);
    for (size_t i = 0; i < calibration.levels_count; i++)
        calibration_levels_free(&calibration.levels[i]);
    plan_clear(&calibration.plan);
    free(calibration.levels);
    free(calibration.quests);
    return result;
}

void calibration_findings_free(struct calibration_findings *findings)
{
    free(findings->items);
    *findings = (struct calibration_findings){0};
}
