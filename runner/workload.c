#include "runner/workload.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "store/writer.h"

#define LOOK_PERIOD                                                                                \
    (50 * CLOCK_MILLISECOND) /* while a window is awaited: one comes each second                   \
                              */

/* The accesses to the hosts of these names; NULL and an error if one is not in the testbed. */
static struct access **find_hosts(struct sessions *sessions, char *const *names, size_t count,
                                  struct error *error)
{
    struct access **found = memory_new(count, sizeof(struct access *));

    for (size_t i = 0; i < count; i++) {
        struct session *session = sessions_find(sessions, names[i]);

        if (session == NULL) {
            free(found);
            error_set(error, ERROR_INPUT, "load host '%s' is not in the testbed", names[i]);
            return NULL;
        }
        found[i] = session->access;
    }
    return found;
}

static int open_driver(struct workload *workload, struct time_scale scale,
                       struct sessions *sessions, const char *folder, struct error *error)
{
    const struct load_plan *plan = workload->plan;
    struct access **callers = find_hosts(sessions, plan->callers, plan->caller_count, error);
    struct access **callees =
        callers != NULL ? find_hosts(sessions, plan->callees, plan->callee_count, error) : NULL;
    const struct load_setting setting = {
        .plan = plan,
        .call_duration = time_scale_apply(scale, plan->call_duration),
        .callers = callers,
        .callees = callees,
        .folder = folder,
    };
    int result = callees != NULL ? workload->driver->open(&setting, &workload->state, error) : -1;

    free(callers);
    free(callees);
    return result;
}

int workload_open(struct store *store, const struct plan *whole, struct sessions *sessions,
                  const char *folder, struct workload *workload, struct error *error)
{
    const struct load_plan *plan = &whole->campaign->load;
    int result = 0;

    memset(workload, 0, sizeof *workload);
    workload->store = store;
    workload->plan = plan;
    workload->driver = load_driver_find(plan->driver);
    if (workload->driver == NULL)
        return error_set(error, ERROR_INPUT, "unknown load driver '%s'", plan->driver);
    if (open_driver(workload, whole->scale, sessions, folder, error) < 0)
        return -1;
    pthread_mutex_init(&workload->lock, NULL);
    pthread_mutex_init(&workload->rate_lock, NULL);
    for (size_t i = 0; result == 0 && i < plan->caller_count; i++)
        result = store_put_fact(store, plan->callers[i], plan->driver,
                                workload->driver->version(workload->state, i), error);
    return result;
}

void workload_close(struct workload *workload)
{
    if (workload->state == NULL)
        return;
    workload->driver->close(workload->state);
    pthread_mutex_destroy(&workload->lock);
    pthread_mutex_destroy(&workload->rate_lock);
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

void workload_fail(struct workload *workload, const struct error *failure)
{
    log_warning("load: %s", failure->what);
    pthread_mutex_lock(&workload->lock);
    if (workload->failure.kind == ERROR_NONE)
        workload->failure = *failure;
    pthread_mutex_unlock(&workload->lock);
    stop_request(workload->stop, STOP_LOAD_FAILED);
}

static void *drive(void *argument)
{
    struct workload *workload = argument;
    struct error failure = {0};

    if (workload->driver->run(workload->state, workload->until, workload->stop, record_sample,
                              workload, &failure) < 0)
        workload_fail(workload, &failure);
    set_over(workload, true);
    return NULL;
}

int workload_start(struct workload *workload, int64_t experiment_id,
                   const struct load_course *course, int64_t until, struct stop *stop,
                   struct error *error)
{
    workload->experiment_id = experiment_id;
    workload->course = *course;
    workload->factor = 1;
    workload->until = until;
    workload->stop = stop;
    workload->sample_count = 0;
    set_over(workload, false);
    error_clear(&workload->failure);
    workload->started = true;
    if (workload->driver->start(workload->state, load_course_at(course, clock_now()).rate, error) <
        0)
        return -1;
    if (pthread_create(&workload->thread, NULL, drive, workload) != 0)
        return error_set(error, ERROR_INTERNAL, "can't start the load thread");
    workload->running = true;
    return workload_follow(workload, error);
}

int workload_finish(struct workload *workload, struct error *error)
{
    if (workload->running)
        pthread_join(workload->thread, NULL);
    workload->running = false;
    workload_unfollow(workload);
    if (!workload->started)
        return 0;
    workload->started = false;
    return workload->driver->stop(workload->state, error);
}

static void count_calls(const struct workload *workload, const char *host, int64_t from,
                        int64_t until, struct call_counts *counts)
{
    for (size_t i = 0; i < workload->sample_count; i++) {
        const struct store_service_sample *sample = &workload->samples[i];

        if (sample->window_start_ns < from || sample->time_ns > until ||
            strcmp(sample->load_host, host) != 0)
            continue;
        counts->created += sample->calls_created;
        counts->succeeded += sample->calls_succeeded;
        counts->failed += sample->calls_failed;
        counts->covered += sample->time_ns - sample->window_start_ns;
        counts->due +=
            load_course_calls(&workload->course, sample->window_start_ns, sample->time_ns);
    }
}

struct call_counts workload_counts(struct workload *workload, int64_t from, int64_t until)
{
    const struct load_plan *plan = workload->plan;
    struct call_counts counts = {0};

    pthread_mutex_lock(&workload->lock);
    for (size_t i = 0; i < plan->caller_count; i++)
        count_calls(workload, plan->callers[i], from, until, &counts);
    pthread_mutex_unlock(&workload->lock);
    if (plan->caller_count > 1) {
        counts.covered /= (int64_t)plan->caller_count;
        counts.due /= (double)plan->caller_count;
    }
    return counts;
}

const char *workload_slowest(struct workload *workload, int64_t from, int64_t until, double *rate)
{
    const struct load_plan *plan = workload->plan;
    const char *slowest = NULL;

    pthread_mutex_lock(&workload->lock);
    for (size_t i = 0; plan->caller_count > 1 && i < plan->caller_count; i++) {
        struct call_counts counts = {0};
        double own;

        count_calls(workload, plan->callers[i], from, until, &counts);
        own =
            counts.covered > 0 ? (double)counts.created * CLOCK_SECOND / (double)counts.covered : 0;
        if (slowest != NULL && own >= *rate)
            continue;
        slowest = plan->callers[i];
        *rate = own;
    }
    pthread_mutex_unlock(&workload->lock);
    return slowest;
}

const struct store_service_sample *workload_last_sample(const struct workload *workload,
                                                        const char *host)
{
    for (size_t i = workload->sample_count; i > 0; i--) {
        if (strcmp(workload->samples[i - 1].load_host, host) == 0)
            return &workload->samples[i - 1];
    }
    return NULL;
}

/* The end of the last window that all callers have; `*over` if no more will come. */
static int64_t last_window(struct workload *workload, bool *over)
{
    int64_t end = INT64_MAX;

    pthread_mutex_lock(&workload->lock);
    for (size_t i = 0; i < workload->plan->caller_count; i++) {
        const struct store_service_sample *last =
            workload_last_sample(workload, workload->plan->callers[i]);
        int64_t own = last != NULL ? last->time_ns : 0;

        end = own < end ? own : end;
    }
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
