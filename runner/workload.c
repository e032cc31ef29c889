#include "runner/workload.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/writer.h"

enum { STOP_BY_FAILED_LOAD = 1000 };

#define LOOK_PERIOD                                                                                \
    (50 * CLOCK_MILLISECOND) /* while a window is awaited: one comes each second                   \
                              */

int workload_open(struct store *store, const struct load_plan *plan, struct sessions *sessions,
                  const char *folder, struct workload *workload, struct error *error)
{
    struct session *caller = sessions_find(sessions, plan->caller);
    struct session *callee = sessions_find(sessions, plan->callee);
    struct load_setting setting = {.plan = plan, .folder = folder};

    memset(workload, 0, sizeof *workload);
    workload->store = store;
    workload->driver = load_driver_find(plan->driver);
    if (workload->driver == NULL)
        return error_set(error, ERROR_INPUT, "unknown load driver '%s'", plan->driver);
    if (caller == NULL || callee == NULL)
        return error_set(error, ERROR_INPUT, "load host '%s' is not in the testbed",
                         caller == NULL ? plan->caller : plan->callee);
    setting.caller = caller->access;
    setting.callee = callee->access;
    if (workload->driver->open(&setting, &workload->state, error) < 0)
        return -1;
    pthread_mutex_init(&workload->lock, NULL);
    return store_put_fact(store, plan->caller, plan->driver,
                          workload->driver->version(workload->state), error);
}

void workload_close(struct workload *workload)
{
    if (workload->state == NULL)
        return;
    workload->driver->close(workload->state);
    pthread_mutex_destroy(&workload->lock);
    free(workload->samples);
    memset(workload, 0, sizeof *workload);
}

int workload_prepare(struct workload *workload, struct stop *stop, struct error *error)
{
    return workload->driver->prepare(workload->state, stop, error);
}

static void keep(struct workload *workload, const struct store_service_sample *sample)
{
    struct store_service_sample *kept;

    pthread_mutex_lock(&workload->lock);
    workload->samples = memory_grow(workload->samples, workload->sample_count,
                                    &workload->sample_capacity, sizeof *workload->samples);
    kept = &workload->samples[workload->sample_count++];
    *kept = *sample;
    kept->load_host = NULL;
    kept->failures = NULL;
    kept->failure_count = 0;
    kept->responses = NULL;
    kept->response_count = 0;
    pthread_mutex_unlock(&workload->lock);
}

static int record_sample(const struct store_service_sample *sample, void *context,
                         struct error *error)
{
    struct workload *workload = context;
    struct store_service_sample row = *sample;

    row.experiment_id = workload->experiment_id;
    keep(workload, &row);
    return store_put_service_sample(workload->store, &row, error);
}

static void set_over(struct workload *workload, bool over)
{
    pthread_mutex_lock(&workload->lock);
    workload->over = over;
    pthread_mutex_unlock(&workload->lock);
}

static void *drive(void *argument)
{
    struct workload *workload = argument;

    if (workload->driver->run(workload->state, workload->until, workload->stop, record_sample,
                              workload, &workload->failure) < 0) {
        log_warning("load: %s", workload->failure.what);
        stop_request(workload->stop, STOP_BY_FAILED_LOAD);
    }
    set_over(workload, true);
    return NULL;
}

int workload_start(struct workload *workload, int64_t experiment_id, int64_t until,
                   struct stop *stop, struct error *error)
{
    workload->experiment_id = experiment_id;
    workload->until = until;
    workload->stop = stop;
    workload->sample_count = 0;
    set_over(workload, false);
    error_clear(&workload->failure);
    workload->started = true;
    if (workload->driver->start(workload->state, error) < 0)
        return -1;
    if (pthread_create(&workload->thread, NULL, drive, workload) != 0)
        return error_set(error, ERROR_INTERNAL, "can't start the load thread");
    workload->running = true;
    return 0;
}

int workload_finish(struct workload *workload, struct error *error)
{
    if (workload->running)
        pthread_join(workload->thread, NULL);
    workload->running = false;
    if (!workload->started)
        return 0;
    workload->started = false;
    return workload->driver->stop(workload->state, error);
}

struct call_counts workload_counts(struct workload *workload, int64_t from, int64_t until)
{
    struct call_counts counts = {0};

    pthread_mutex_lock(&workload->lock);
    for (size_t i = 0; i < workload->sample_count; i++) {
        const struct store_service_sample *sample = &workload->samples[i];

        if (sample->window_start_ns < from || sample->time_ns > until)
            continue;
        counts.created += sample->calls_created;
        counts.succeeded += sample->calls_succeeded;
        counts.failed += sample->calls_failed;
        counts.covered += sample->time_ns - sample->window_start_ns;
    }
    pthread_mutex_unlock(&workload->lock);
    return counts;
}

int workload_set_rate(struct workload *workload, double rate, struct error *error)
{
    return workload->driver->set_rate(workload->state, rate, error);
}

static bool is_rate(double rate, double asked)
{
    return fabs(rate - asked) <= 1e-6 * asked;
}

int64_t workload_rate_since(struct workload *workload, double rate, int64_t from)
{
    int64_t since = 0;

    pthread_mutex_lock(&workload->lock);
    for (size_t i = 0; i < workload->sample_count && since == 0; i++) {
        const struct store_service_sample *sample = &workload->samples[i];

        if (sample->time_ns > from && is_rate(sample->offered_rate, rate))
            since = sample->time_ns;
    }
    pthread_mutex_unlock(&workload->lock);
    return since;
}

double workload_rate(struct workload *workload)
{
    double rate = 0;

    pthread_mutex_lock(&workload->lock);
    if (workload->sample_count > 0)
        rate = workload->samples[workload->sample_count - 1].offered_rate;
    pthread_mutex_unlock(&workload->lock);
    return rate;
}

/* The end of the last window; `*over` if no more will come. */
static int64_t last_window(struct workload *workload, bool *over)
{
    int64_t end = 0;

    pthread_mutex_lock(&workload->lock);
    if (workload->sample_count > 0)
        end = workload->samples[workload->sample_count - 1].time_ns;
    *over = workload->over;
    pthread_mutex_unlock(&workload->lock);
    return end;
}

bool workload_wait(struct workload *workload, int64_t instant, int64_t deadline)
{
    bool over = false;

    while (last_window(workload, &over) < instant) {
        if (over || clock_now() >= deadline)
            return false;
        clock_sleep(LOOK_PERIOD);
    }
    return true;
}

bool workload_is_over(struct workload *workload)
{
    bool over;

    last_window(workload, &over);
    return over;
}
