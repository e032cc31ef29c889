/* The rate that the load is told: by the campaign's load profile, and by a fault in the load. */
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "runner/load_profile.h"
#include "runner/workload.h"

/* So long after a step of the course began, at the latest, the load goes by it. */
#define LATENESS (3 * CLOCK_SECOND)

/* Tells the load what it is to go by now; `until` when that changes. */
static int tell(struct workload *workload, int64_t *until, struct error *error)
{
    struct load_step step;
    int result;

    pthread_mutex_lock(&workload->rate_lock);
    step = load_course_at(&workload->course, clock_now());
    result = workload->driver->set_rate(workload->state, step.rate * workload->factor, error);
    pthread_mutex_unlock(&workload->rate_lock);
    *until = step.until;
    return result;
}

static void *follow(void *argument)
{
    struct workload *workload = argument;
    struct error error = {0};
    int64_t next = clock_now(); /* the load took its time to start */

    while (next < workload->until && !stop_wait_until(workload->stop, next)) {
        if (tell(workload, &next, &error) == 0)
            continue;
        workload_fail(workload, &error);
        break;
    }
    return NULL;
}

int workload_follow(struct workload *workload, struct error *error)
{
    if (workload->course.load->profile == NULL)
        return 0;
    if (pthread_create(&workload->follower, NULL, follow, workload) != 0)
        return error_set(error, ERROR_INTERNAL, "can't start the load profile's thread");
    workload->following = true;
    return 0;
}

void workload_unfollow(struct workload *workload)
{
    if (workload->following)
        pthread_join(workload->follower, NULL);
    workload->following = false;
}

int workload_multiply(struct workload *workload, double factor, struct error *error)
{
    int64_t until;

    pthread_mutex_lock(&workload->rate_lock);
    workload->factor = factor;
    pthread_mutex_unlock(&workload->rate_lock);
    return tell(workload, &until, error);
}

static bool is_factor(double factor, double asked)
{
    return fabs(factor - asked) <= 1e-6 * asked;
}

/* The factor that a window of one of the callers ended with, by that step of the course since
 * `from` for which it is nearest to `asked`: a step is told a moment after it begins. */
static double factor_of(const struct workload *workload, const struct store_service_sample *sample,
                        int64_t from, double asked)
{
    double rate = sample->offered_rate * (double)workload->plan->caller_count;
    double nearest = 0;

    if (from < sample->time_ns - LATENESS)
        from = sample->time_ns - LATENESS;
    while (from <= sample->time_ns) {
        struct load_step step = load_course_at(&workload->course, from);
        double factor = rate / step.rate;

        if (fabs(factor - asked) < fabs(nearest - asked))
            nearest = factor;
        from = step.until;
    }
    return nearest;
}

/* When that caller first went by the factor; 0: not yet. */
static int64_t host_factor_since(const struct workload *workload, const char *host, double factor,
                                 int64_t from)
{
    for (size_t i = 0; i < workload->sample_count; i++) {
        const struct store_service_sample *sample = &workload->samples[i];

        if (sample->time_ns > from && strcmp(sample->load_host, host) == 0 &&
            is_factor(factor_of(workload, sample, from, factor), factor))
            return sample->time_ns;
    }
    return 0;
}

int64_t workload_factor_since(struct workload *workload, double factor, int64_t from)
{
    const struct load_plan *plan = workload->plan;
    int64_t since = from;

    pthread_mutex_lock(&workload->lock);
    for (size_t i = 0; i < plan->caller_count && since != 0; i++) {
        int64_t own = host_factor_since(workload, plan->callers[i], factor, from);

        since = own == 0 || own > since ? own : since;
    }
    pthread_mutex_unlock(&workload->lock);
    return since;
}

double workload_factor(struct workload *workload)
{
    const struct load_plan *plan = workload->plan;
    double factor = 0;

    pthread_mutex_lock(&workload->lock);
    for (size_t i = 0; i < plan->caller_count; i++) {
        const struct store_service_sample *last = workload_last_sample(workload, plan->callers[i]);

        factor += last != NULL ? factor_of(workload, last, 0, 1) / (double)plan->caller_count : 0;
    }
    pthread_mutex_unlock(&workload->lock);
    return factor;
}
