#include "runner/observe.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/live_sources.h"
#include "runner/monitor.h"
#include "runner/validity_monitoring.h"
#include "store/writer.h"

#define TICK CLOCK_SECOND

struct observing {
    const struct observe_setting *setting;
    struct observe_outcome *outcome;
    struct store *store;
    struct own_access own;
    struct monitored_target *targets;
    size_t target_count;
    struct monitor monitor;
    int64_t begin; /* of the first experiment, once all sources are open */
    int64_t end;   /* INT64_MAX: nobody said */
};

static int add_target(struct observing *observing, const struct host *host, struct error *error)
{
    struct monitored_target *target = &observing->targets[observing->target_count++];

    target->host = host;
    return store_put_target(observing->store, host->name, host->role, host->access.address,
                            &target->id, error);
}

static int add_targets(struct observing *observing, struct error *error)
{
    const struct observe_setting *setting = observing->setting;
    const struct testbed *testbed = setting->testbed;

    observing->targets =
        memory_new(testbed->host_count + setting->target_count, sizeof *observing->targets);
    for (size_t i = 0; i < setting->target_count; i++) {
        const struct host *host;

        if (live_target_find(testbed, setting->targets[i], &host, error) < 0 ||
            add_target(observing, host, error) < 0)
            return -1;
    }
    for (size_t i = 0; setting->target_count == 0 && i < testbed->host_count; i++) {
        if (testbed->hosts[i].source_count > 0 &&
            add_target(observing, &testbed->hosts[i], error) < 0)
            return -1;
    }
    if (observing->target_count > 0)
        return 0;
    return error_set(error, ERROR_INPUT, "no target of the testbed '%s' has a source of metrics",
                     testbed->name);
}

static int record_run(struct observing *observing, struct error *error)
{
    const struct observe_setting *setting = observing->setting;
    const struct store_run run = {
        .name = setting->testbed->name,
        .campaign_path = "",
        .campaign_xml = "",
        .testbed_path = setting->testbed->path,
        .testbed_xml = setting->testbed->xml,
        .time_scale = "1",
        .monitoring_period_ns = setting->period,
        .faults = false,
        .version = setting->version,
        .started_ns = clock_now(),
    };

    return store_put_run(observing->store, &run, error);
}

static void show(const struct observing *observing)
{
    struct observe_progress progress = {
        .observations = observing->outcome->observations,
        .lost = observing->outcome->lost,
        .elapsed = clock_now() - observing->begin,
        .left = observing->setting->duration != 0 ? observing->end - clock_now() : -1,
    };

    if (observing->setting->progress != NULL)
        observing->setting->progress(&progress);
}

/* What the experiment that ended came to. */
static void count(struct observing *observing)
{
    for (size_t i = 0; i < observing->monitor.source_count; i++) {
        const struct monitored_source *source = &observing->monitor.sources[i];

        observing->outcome->observations += source->observations;
        for (size_t j = 0; j < source->gap_count; j++)
            observing->outcome->lost += source->gaps[j].lost;
    }
}

static int judge(struct observing *observing, int64_t experiment, int64_t from, int64_t until,
                 struct error *error)
{
    const struct plan plan = {.monitoring_period = observing->setting->period};
    const struct evidence evidence = {
        .plan = &plan,
        .from = from,
        .until = until,
        .monitor = &observing->monitor,
    };
    struct text reasons = {0};
    struct text notes = {0};
    int result;

    validity_judge_monitoring(&evidence, &reasons, &notes);
    observing->outcome->invalid += reasons.length > 0;
    if (reasons.length > 0)
        log_warning("%s", text_string(&reasons));
    result = store_end_experiment(observing->store, experiment, clock_now(),
                                  reasons.length > 0 ? text_string(&reasons) : NULL,
                                  notes.length > 0 ? text_string(&notes) : NULL, error);
    text_free(&reasons);
    text_free(&notes);
    return result;
}

static int observe_experiment(struct observing *observing, int64_t from, int64_t until,
                              struct error *error)
{
    struct stop *stop = observing->setting->stop;
    char name[40];
    const struct store_experiment experiment = {
        .cell = (int64_t)observing->outcome->experiments,
        .name = name,
        .repetition = (int64_t)observing->outcome->experiments + 1,
        .started_ns = from,
    };
    int64_t id;
    int64_t ended;

    snprintf(name, sizeof name, "observed-%zu", ++observing->outcome->experiments);
    if (store_begin_experiment(observing->store, &experiment, &id, error) < 0)
        return -1;
    if (monitor_start(&observing->monitor, id, from, until, observing->setting->period, stop,
                      error) < 0) {
        stop_request(stop, SIGTERM);
        monitor_finish(&observing->monitor);
        return -1;
    }
    while (clock_now() < until &&
           !stop_wait_until(stop, clock_now() + TICK < until ? clock_now() + TICK : until))
        show(observing);
    monitor_finish(&observing->monitor);
    count(observing);
    ended = clock_now() < until ? clock_now() : until;
    if (store_set_measured(observing->store, id, from, ended, error) < 0)
        return -1;
    return judge(observing, id, from, ended, error);
}

static int observe_all(struct observing *observing, struct error *error)
{
    int64_t from = observing->begin;
    int64_t length = OBSERVE_EXPERIMENT_LENGTH / observing->setting->period;

    length = (length > 0 ? length : 1) * observing->setting->period;
    while (from < observing->end && stop_reason(observing->setting->stop) == 0) {
        int64_t until = from < observing->end - length ? from + length : observing->end;

        if (observe_experiment(observing, from, until, error) < 0)
            return -1;
        from = until;
    }
    return store_set_run_state(observing->store, "complete", clock_now(), error);
}

static int open_all(struct observing *observing, struct error *error)
{
    const struct observe_setting *setting = observing->setting;

    if (store_create(setting->folder, &observing->store, error) < 0)
        return -1;
    if (record_run(observing, error) < 0 || add_targets(observing, error) < 0 ||
        monitor_open(observing->store, observing->targets, observing->target_count,
                     setting->past_until != 0 ? SOURCES_PAST : SOURCES_AS_SAID, own_access_find,
                     &observing->own, &observing->monitor, error) < 0) {
        store_close(observing->store, &(struct error){0});
        observing->store = NULL;
        store_remove(setting->folder);
        return -1;
    }
    observing->monitor.keeps_stopped = true;
    observing->outcome->targets = observing->target_count;
    observing->outcome->sources = observing->monitor.source_count;
    for (size_t i = 0; i < observing->monitor.source_count; i++)
        observing->outcome->metrics += observing->monitor.sources[i].metric_count;
    return 0;
}

int observe(const struct observe_setting *setting, struct observe_outcome *outcome,
            struct error *error)
{
    struct observing observing = {.setting = setting, .outcome = outcome};
    int result;

    *outcome = (struct observe_outcome){0};
    result = open_all(&observing, error);
    observing.begin = clock_now();
    observing.end = setting->duration != 0 ? observing.begin + setting->duration : INT64_MAX;
    if (setting->past_until != 0) {
        observing.begin = setting->past_from;
        observing.end = setting->past_until;
    }
    if (result == 0)
        result = observe_all(&observing, error);
    monitor_close(&observing.monitor);
    own_access_close(&observing.own);
    if (store_close(observing.store, result == 0 ? error : &(struct error){0}) < 0)
        result = -1;
    free(observing.targets);
    return result;
}
