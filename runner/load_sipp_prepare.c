/* Makes the service ready: registers the callees, then sees a few calls succeed. */
#include <inttypes.h>
#include <signal.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "runner/load_sipp.h"

/* What sending the files, and SIPp's three starts and ends took in runs on the lab. */
#define STARTS_AND_ENDS (2 * CLOCK_SECOND)

enum {
    ATTEMPTS = 3, /* a service that has just booted may need more than one */
    CHECK_CALLS = 10,
    CHECK_RATE = 10,
    LONGEST_CALL = 80, /* seconds, with a margin: see the README of the scenario */
};

static int interrupted(struct stop *stop, struct error *error)
{
    return stop_error(stop, error, "interrupted while the service was made ready");
}

static int ignore_window(const struct store_service_sample *window, void *context,
                         struct error *error)
{
    (void)window;
    (void)context;
    (void)error;
    return 0;
}

/* Says why not all `calls` succeeded, in the words of the service if it gave an answer. */
static int say_what_failed(const struct sipp_host *host, const char *what, int64_t calls,
                           const struct sipp_totals *totals, struct error *error)
{
    struct text words = {0};

    sipp_host_last_words(host, &words);
    error_set(error, ERROR_INCONCLUSIVE, "%" PRId64 " of %" PRId64 " %s succeeded%s%.300s",
              totals->succeeded, calls, what, words.length > 0 ? "; the last failure: " : "",
              text_string(&words));
    error_where(error, "making the service ready");
    error_hint(error, "is the VNF up, and are the subscribers those it knows?");
    text_free(&words);
    return error_target(error, access_host(host->access)->name);
}

/* Reads the statistics until SIPp has ended by itself. */
static int follow_to_end(struct sipp_host *host, struct sipp_statistics *statistics,
                         struct text *unread, int64_t deadline, struct stop *stop,
                         struct error *error)
{
    bool ended = false;
    int exit_status;

    for (;;) {
        if (sipp_statistics_feed(statistics, text_string(unread), unread->length, ignore_window,
                                 NULL, error) < 0)
            return -1;
        text_clear(unread);
        if (ended)
            return 0;
        if (stop_reason(stop) != 0)
            return interrupted(stop, error);
        if (clock_now() >= deadline) {
            error_set(error, ERROR_INCONCLUSIVE, "SIPp (%s) hangs: it did not end in time",
                      host->side);
            return error_target(error, access_host(host->access)->name);
        }
        if (sipp_host_read(host, CLOCK_SECOND, stop, unread, &ended, &exit_status, error) < 0)
            return -1;
    }
}

/* Runs SIPp for `calls` calls and sees that all succeed. */
static int run_calls(struct sipp_load *load, struct sipp_host *host, enum sipp_purpose purpose,
                     double rate, int64_t calls, struct stop *stop, struct error *error)
{
    bool registering = purpose == SIPP_REGISTER;
    struct sipp_statistics *statistics = sipp_statistics_new();
    struct sipp_command command;
    struct text unread = {0};
    struct error ending;
    int64_t deadline = clock_now() + (int64_t)((double)calls / rate + LONGEST_CALL) * CLOCK_SECOND;
    int outcome;

    sipp_command_build(&command, purpose, load->plan, host, rate, calls);
    outcome = sipp_host_start(host, registering ? "register" : "caller", command.arguments, &unread,
                              error);
    if (outcome == 0)
        outcome = follow_to_end(host, statistics, &unread, deadline, stop, error);
    if (sipp_host_end(host, 0, outcome == 0 ? error : &ending) < 0)
        outcome = -1;
    if (outcome == 0 && sipp_statistics_totals(statistics)->succeeded != calls)
        outcome = say_what_failed(host, registering ? "registrations" : "calls", calls,
                                  sipp_statistics_totals(statistics), error);
    text_free(&unread);
    sipp_statistics_free(statistics);
    return outcome;
}

/* At the rate the service is to bear anyway, but in bounded time for a small one. */
static double registration_rate(const struct load_plan *plan)
{
    return plan->rate < CHECK_RATE ? CHECK_RATE : plan->rate;
}

static int register_callees(struct sipp_load *load, struct stop *stop, struct error *error)
{
    for (size_t i = 0; i < load->callee_count; i++) {
        struct sipp_host *callee = &load->callees[i];

        if (run_calls(load, callee, SIPP_REGISTER, registration_rate(load->plan),
                      sipp_host_subscribers(callee, load->plan->subscribers), stop, error) < 0)
            return -1;
    }
    return 0;
}

int64_t sipp_load_preparation(const struct load_plan *plan)
{
    double registering = (double)plan->subscribers / 2 / registration_rate(plan);
    double checking = (double)CHECK_CALLS / CHECK_RATE * (double)plan->caller_count;
    size_t starts =
        plan->caller_count > plan->callee_count ? plan->caller_count : plan->callee_count;

    return (int64_t)((registering + checking) * CLOCK_SECOND) + (int64_t)starts * STARTS_AND_ENDS;
}

static int call_from_each(struct sipp_load *load, struct stop *stop, struct error *error)
{
    for (size_t i = 0; i < load->caller_count; i++) {
        if (run_calls(load, &load->callers[i].host, SIPP_CALLER, CHECK_RATE, CHECK_CALLS, stop,
                      error) < 0)
            return -1;
    }
    return 0;
}

static int make_check_calls(struct sipp_load *load, struct stop *stop, struct error *error)
{
    struct error ending;
    int outcome = sipp_load_start_callees(load, error);

    if (outcome == 0)
        outcome = call_from_each(load, stop, error);
    for (size_t i = 0; i < load->callee_count; i++) {
        if (sipp_host_end(&load->callees[i], 0, outcome == 0 ? error : &ending) < 0)
            outcome = -1;
    }
    return outcome;
}

/* What an attempt before left is sent anew: the load host may have been rebooted since. */
static int send_files(struct sipp_load *load, struct sipp_host *host, struct error *error)
{
    if (host->present && sipp_host_remove(host, error) < 0)
        return -1;
    return sipp_host_send(host, load->plan->scenario, sipp_scenario_files(host),
                          load->plan->subscribers, error);
}

static int send_all_files(struct sipp_load *load, struct error *error)
{
    for (size_t i = 0; i < load->caller_count; i++) {
        if (send_files(load, &load->callers[i].host, error) < 0)
            return -1;
    }
    for (size_t i = 0; i < load->callee_count; i++) {
        if (send_files(load, &load->callees[i], error) < 0)
            return -1;
    }
    return 0;
}

int sipp_load_prepare(void *state, struct stop *stop, struct error *error)
{
    struct sipp_load *load = state;

    if (send_all_files(load, error) < 0)
        return -1;
    for (int attempt = 1;; attempt++) {
        error_clear(error);
        if (register_callees(load, stop, error) == 0 && make_check_calls(load, stop, error) == 0)
            return 0;
        if (error->kind != ERROR_INCONCLUSIVE || attempt == ATTEMPTS)
            return -1;
        log_info("load: %s; trying again", error->what);
        if (stop_wait_until(stop, clock_now() + CLOCK_SECOND))
            return interrupted(stop, error);
    }
}
