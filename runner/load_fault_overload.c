#include "runner/load_fault_overload.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/load.h"

#define TELLING (5 * CLOCK_SECOND)   /* until the load must go by the rate that it was told */
#define LOOK (3 * CLOCK_SECOND)      /* calls are counted for so long before they are judged */
#define LATENESS (15 * CLOCK_SECOND) /* of a window that is awaited */

struct overload {
    const struct load_plan *load;
    struct access *access;
    struct workload *workload;
    const struct clock_offset *clock;
    double percent;
    bool applied;
    int64_t since; /* from when on the load goes by its rate; or was told to, if it never did */
};

static void *open_overload(const struct injection_setting *setting)
{
    struct overload *overload = memory_new(1, sizeof *overload);

    overload->load = setting->load;
    overload->access = setting->access;
    overload->workload = setting->workload;
    overload->clock = setting->clock;
    overload->percent = setting->request.value;
    return overload;
}

static void clear(struct injection_report *report)
{
    memset(report, 0, sizeof *report);
    report->achieved = NAN;
}

static int probe(void *state, struct injection_report *report, struct error *error)
{
    const struct overload *overload = state;
    const struct load_driver *driver = load_driver_find(overload->load->driver);

    clear(report);
    snprintf(report->mechanism, sizeof report->mechanism, "%s", driver->control);
    return driver->check_control(overload->access, error);
}

/* There is nothing to undo on the load host: the load ends by itself when the runner is silent. */
static int arm(void *state, struct injection_report *report, struct error *error)
{
    (void)state;
    (void)error;
    clear(report);
    return 0;
}

/* Tells the load of a multiple of its rate and waits until it goes by it. One that never does is
 * seen by what its calls say. */
static int go_by(struct overload *overload, double factor, struct injection_report *report,
                 struct error *error)
{
    int64_t told = clock_now();
    int64_t deadline = told + TELLING;
    int64_t window = told;

    clear(report);
    if (workload_multiply(overload->workload, factor, error) < 0)
        return -1;
    do {
        if (!workload_wait(overload->workload, window, deadline)) {
            overload->since = told;
            break;
        }
        overload->since = workload_factor_since(overload->workload, factor, told);
        window += CLOCK_SECOND / 10;
    } while (overload->since == 0);
    report->instant = overload->since + overload->clock->offset;
    return 0;
}

static int apply(void *state, struct injection_report *report, struct error *error)
{
    struct overload *overload = state;

    overload->applied = true;
    return go_by(overload, overload->percent / 100, report, error);
}

static void set_level(void *state, double value)
{
    struct overload *overload = state;

    overload->percent = value;
}

/* Whether so many calls were made as the rate asks for, give or take what the campaign allows and
 * the one that is under way. */
static void judge(const struct overload *overload, struct injection_report *report)
{
    struct call_counts counts =
        workload_counts(overload->workload, overload->since, clock_now() + LATENESS);
    double seconds = (double)counts.covered / (double)CLOCK_SECOND;
    double asked = counts.due * overload->percent / 100; /* calls */
    double allowed = (1 - overload->load->minimum_rate_share) * asked + 1;
    double rate = (double)counts.created / seconds;

    if (counts.covered == 0) {
        snprintf(report->detail, sizeof report->detail, "the load told of no calls");
        return;
    }
    report->achieved = 100 * (double)counts.created / counts.due;
    report->measurements[report->measurement_count++] =
        (struct injection_measurement){"call-rate", rate, "calls/s"};
    report->took_hold = fabs((double)counts.created - asked) <= allowed;
    if (!report->took_hold)
        snprintf(report->detail, sizeof report->detail,
                 "the load made %.1f calls/s where %.1f were asked for", rate, asked / seconds);
}

static int verify(void *state, struct injection_report *report, struct error *error)
{
    const struct overload *overload = state;

    (void)error;
    clear(report);
    workload_wait(overload->workload, overload->since + LOOK, overload->since + LOOK + LATENESS);
    report->instant = clock_now() + overload->clock->offset;
    judge(overload, report);
    return 0;
}

/* Between two levels, or before the first, there is nothing to look at. */
static int hold(void *state, struct injection_report *report, struct error *error)
{
    const struct overload *overload = state;

    (void)error;
    clear(report);
    if (overload->applied)
        judge(overload, report);
    return 0;
}

/* A load that has ended takes its rate with it: that it is gone is proven where it is ended. */
static bool is_gone(const struct overload *overload)
{
    return !overload->applied || workload_is_over(overload->workload);
}

static int revert(void *state, struct injection_report *report, struct error *error)
{
    struct overload *overload = state;

    clear(report);
    if (!is_gone(overload))
        return go_by(overload, 1, report, error);
    report->instant = clock_now() + overload->clock->offset;
    return 0;
}

static int prove(void *state, struct injection_report *report, struct error *error)
{
    const struct overload *overload = state;
    double factor = workload_factor(overload->workload);

    clear(report);
    if (is_gone(overload) || fabs(factor - 1) <= 1e-6)
        return 0;
    return error_set(error, ERROR_NOT_CLEAN, "the load goes by %g %% of its rate, not by 100 %%",
                     100 * factor);
}

static void close_overload(void *state)
{
    free(state);
}

static const struct injection_means means = {
    .open = open_overload,
    .probe = probe,
    .arm = arm,
    .apply = apply,
    .set_level = set_level,
    .change = apply,
    .verify = verify,
    .hold = hold,
    .revert = revert,
    .prove = prove,
    .close = close_overload,
};

static const char *host(const struct load_plan *load, const struct fault *fault)
{
    (void)fault;
    return load->callers[0];
}

static int check(const struct load_plan *load, struct error *error)
{
    (void)load;
    (void)error;
    return 0;
}

const struct load_fault load_fault_overload = {
    .name = "overload",
    .head = "# name: overload\n"
            "# summary: calls at another rate than the campaign's\n"
            "# unit: %\n"
            "# range: 1..10000\n",
    .host = host,
    .check = check,
    .means = &means,
};
