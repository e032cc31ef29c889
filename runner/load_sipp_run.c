/* Follows the load: rows of SIPp's statistics become samples on the runner's clock. */
#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "runner/load_sipp.h"

#define CLOCK_PERIOD (60 * CLOCK_SECOND) /* between measurements of the host's clock */
#define STALL (15 * CLOCK_SECOND)        /* without a row SIPp, which writes one a second, hangs */
#define LATER (20 * CLOCK_MILLISECOND)   /* a row this much ahead of its arrival: clock was set */

/* Where samples go. */
struct delivery {
    struct sipp_load *load;
    load_sample_callback *callback;
    void *context;
};

int sipp_load_measure_clock(struct sipp_load *load, struct error *error)
{
    struct sipp_clock *clock = &load->clock;

    clock->measured = clock_now();
    if (access_clock_offset(load->caller.access, &clock->offset, &clock->bound, error) < 0)
        return -1;
    log_info("load host %s: clock %+.3f ms from the runner's, known to %.3f ms",
             access_host(load->caller.access)->name, (double)clock->offset / CLOCK_MILLISECOND,
             (double)clock->bound / CLOCK_MILLISECOND);
    return 0;
}

static bool is_plausible(const struct sipp_load *load, int64_t end)
{
    int64_t now = clock_now();

    return end > load->window_end && end < now + load->clock.bound + LATER && end > now - STALL;
}

/* The end of a window on the runner's clock; the host's clock is measured again if it is due or
 * if the instant can't be right. */
static int64_t map_end(struct sipp_load *load, int64_t host_time)
{
    int64_t end = host_time - load->clock.offset;
    struct error error;

    if (clock_now() - load->clock.measured < CLOCK_PERIOD && is_plausible(load, end))
        return end;
    if (sipp_load_measure_clock(load, &error) < 0)
        log_warning("load: %s", error.what);
    return host_time - load->clock.offset;
}

static int deliver(const struct store_service_sample *window, void *context, struct error *error)
{
    struct delivery *delivery = context;
    struct sipp_load *load = delivery->load;
    struct store_service_sample sample = *window;

    load->last_row = clock_now();
    sample.load_host = access_host(load->caller.access)->name;
    sample.time_ns = map_end(load, window->time_ns);
    sample.window_start_ns =
        load->window_end != 0 ? load->window_end : window->window_start_ns - load->clock.offset;
    if (sample.time_ns <= sample.window_start_ns) {
        log_warning("load: a window without length was dropped: the clock of %s was set back",
                    sample.load_host);
        return 0;
    }
    load->window_end = sample.time_ns;
    return delivery->callback(&sample, delivery->context, error);
}

static int say_early_end(const struct sipp_host *host, int exit_status, struct error *error)
{
    struct text how = {0};

    sipp_host_describe_end(host, exit_status, &how);
    error_set(error, ERROR_INCONCLUSIVE, "SIPp (%s) %s in the middle of the load", host->side,
              text_string(&how));
    error_where(error, "running the load");
    text_free(&how);
    return error_target(error, access_host(host->access)->name);
}

/* The callee's statistics are not followed, only whether it lives. */
static int watch_callee(struct sipp_load *load, struct error *error)
{
    struct text unused = {0};
    bool ended = false;
    int exit_status = 0;
    int outcome = sipp_host_read(&load->callee, 0, NULL, &unused, &ended, &exit_status, error);

    text_free(&unused);
    return outcome == 0 && ended ? say_early_end(&load->callee, exit_status, error) : outcome;
}

static int watch_caller(struct sipp_load *load, int64_t until, struct stop *stop,
                        struct delivery *delivery, struct error *error)
{
    int64_t left = until - clock_now();
    bool ended = false;
    int exit_status = 0;

    if (sipp_host_read(&load->caller, left < CLOCK_SECOND ? left : CLOCK_SECOND, stop,
                       &load->unread, &ended, &exit_status, error) < 0)
        return -1;
    if (sipp_statistics_feed(load->statistics, text_string(&load->unread), load->unread.length,
                             deliver, delivery, error) < 0)
        return -1;
    text_clear(&load->unread);
    if (ended)
        return say_early_end(&load->caller, exit_status, error);
    if (clock_now() - load->last_row < STALL)
        return 0;
    error_set(error, ERROR_INCONCLUSIVE,
              "SIPp (caller) hangs: no statistics for %" PRId64 " s, one row a second is due",
              (int64_t)(STALL / CLOCK_SECOND));
    error_where(error, "running the load");
    return error_target(error, access_host(load->caller.access)->name);
}

int sipp_load_run(void *state, int64_t until, struct stop *stop, load_sample_callback *callback,
                  void *context, struct error *error)
{
    struct sipp_load *load = state;
    struct delivery delivery = {.load = load, .callback = callback, .context = context};

    if (load->statistics == NULL)
        return error_set(error, ERROR_INTERNAL, "the load was not started");
    while (clock_now() < until && stop_reason(stop) == 0) {
        if (watch_caller(load, until, stop, &delivery, error) < 0 || watch_callee(load, error) < 0)
            return -1;
    }
    return 0;
}
