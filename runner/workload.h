/*
 * The load of an experiment: a thread runs the campaign's load driver, stores its service samples
 * and keeps the sums that validity and the progress line need; another tells it of each step of a
 * load profile (workload_rate.c).
 */
#ifndef RUNNER_WORKLOAD_H
#define RUNNER_WORKLOAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/load.h"
#include "runner/load_course.h"
#include "runner/plan.h"
#include "runner/sessions.h"
#include "store/store.h"

/* Calls counted between two instants, of all callers. */
struct call_counts {
    int64_t created;
    int64_t succeeded;
    int64_t failed;
    int64_t covered; /* length of the windows that were counted, ns; mean over the callers */
    double due;      /* calls that the campaign's load has in them; as `covered` */
};

struct workload {
    struct store *store;
    const struct load_driver *driver;
    void *state;
    pthread_mutex_t rate_lock; /* held while the load is told of a rate; of `factor` */

    /* Of the experiment under way. */
    int64_t experiment_id;
    int64_t until;
    struct load_course course;
    double factor; /* of the campaign's rate, by a fault in the load; else 1 */
    struct stop *stop;
    struct store_service_sample *samples; /* without their failures and responses */
    size_t sample_count;
    size_t sample_capacity;
    const struct load_plan *plan;
    pthread_mutex_t lock; /* of the samples and of `over` */
    bool over;            /* no more samples will come */
    struct error failure; /* kind ERROR_NONE if the load ran to its end; as the samples */
    pthread_t thread;
    bool running;
    pthread_t follower; /* of the load profile */
    bool following;
    bool started;
};

/* Opens the driver that the plan names on its load hosts. Close it, also after an error. */
int workload_open(struct store *store, const struct plan *plan, struct sessions *sessions,
                  const char *folder, struct workload *workload, struct error *error);
void workload_close(struct workload *workload);

/* Registers and sees some calls succeed. */
int workload_prepare(struct workload *workload, struct stop *stop, struct error *error);

/* Starts the load; it runs by its course until `until` or `stop`. A failure asks for `stop`. */
int workload_start(struct workload *workload, int64_t experiment_id,
                   const struct load_course *course, int64_t until, struct stop *stop,
                   struct error *error);

/* Waits for the thread and ends the load for sure. */
int workload_finish(struct workload *workload, struct error *error);

/* Sums of the windows that lie wholly between the two instants. */
struct call_counts workload_counts(struct workload *workload, int64_t from, int64_t until);

/* The reason of a stop that a load asked for, as it had failed. No signal. */
enum { STOP_LOAD_FAILED = 1001 };

/* The load that failed asks for the experiment's end; the first failure is kept. */
void workload_fail(struct workload *workload, const struct error *failure);

/* Starts and ends the telling of each step of a load profile; both do nothing without one. */
int workload_follow(struct workload *workload, struct error *error);
void workload_unfollow(struct workload *workload);

/* Tells the load that runs to make so many times the campaign's calls, now and at each later step
 * of its profile. */
int workload_multiply(struct workload *workload, double factor, struct error *error);

/* The end of the first window after `from` at which all callers went by the campaign's rate times
 * the factor, or 0. Windows that begin from then on are wholly of that rate. */
int64_t workload_factor_since(struct workload *workload, double factor, int64_t from);

/* The factor that the load went by at the end of the last windows, as is known of the course then;
 * the mean over the callers. 0 before there is one. */
double workload_factor(struct workload *workload);

/* The last sample of that caller, or NULL; with the lock held. */
const struct store_service_sample *workload_last_sample(const struct workload *workload,
                                                        const char *host);

/* The caller that made the least calls per second between the two instants, if there are several;
 * else NULL. */
const char *workload_slowest(struct workload *workload, int64_t from, int64_t until, double *rate);

/* Waits, until `deadline`, for a window of each caller that ends at `instant` or later. False if
 * none came, or none will. */
bool workload_wait(struct workload *workload, int64_t instant, int64_t deadline);

/* Whether the load isn't followed any more: its time was over, it was stopped, or it failed. */
bool workload_is_over(struct workload *workload);

#endif
