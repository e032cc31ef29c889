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
    struct sipp_caller *caller;
    load_sample_callback *callback;
    void *context;
};

int sipp_caller_measure_clock(struct sipp_caller *caller, struct error *error)
{
    struct sipp_clock *clock = &caller->clock;

    clock->measured = clock_now();
    if (access_clock_offset(caller->host.access, &clock->offset, &clock->bound, error) < 0)
        return -1;
    log_info("load host %s: clock %+.3f ms from the runner's, known to %.3f ms",
             access_host(caller->host.access)->name, (double)clock->offset / CLOCK_MILLISECOND,
             (double)clock->bound / CLOCK_MILLISECOND);
    return 0;
}

static bool is_plausible(const struct sipp_caller *caller, int64_t end)
{
    int64_t now = clock_now();

    return end > caller->window_end && end < now + caller->clock.bound + LATER && end > now - STALL;
}

/* The end of a window on the runner's clock; the host's clock is measured again if it is due or
 * if the instant can't be right. */
static int64_t map_end(struct sipp_caller *caller, int64_t host_time)
{
    int64_t end = host_time - caller->clock.offset;
    struct error error;

    if (clock_now() - caller->clock.measured < CLOCK_PERIOD && is_plausible(caller, end))
        return end;
    if (sipp_caller_measure_clock(caller, &error) < 0)
        log_warning("load: %s", error.what);
    return host_time - caller->clock.offset;
}

/* Packets of media since the sample before: a caller's own, and those of all callees in the samples
 * of the first caller. Returns how many counts there are. */
static size_t take_media(struct delivery *delivery, struct store_service_count *counts)
{
    struct sipp_load *load = delivery->load;
    struct sipp_packets packets = {0};
    bool told = sipp_media_take(&delivery->caller->host.media, &packets);

    for (size_t i = 0; delivery->caller == load->callers && i < load->callee_count; i++)
        told = sipp_media_take(&load->callees[i].media, &packets) || told;
    if (!told)
        return 0;
    counts[0] = (struct store_service_count){"rtp-echoed", packets.echoed};
    counts[1] = (struct store_service_count){"rtp-sent", packets.sent};
    return 2;
}

static int deliver(const struct store_service_sample *window, void *context, struct error *error)
{
    struct delivery *delivery = context;
    struct sipp_caller *caller = delivery->caller;
    struct store_service_sample sample = *window;
    struct store_service_count media[2];

    caller->last_row = clock_now();
    sample.load_host = access_host(caller->host.access)->name;
    sample.time_ns = map_end(caller, window->time_ns);
    sample.window_start_ns = caller->window_end != 0
                                 ? caller->window_end
                                 : window->window_start_ns - caller->clock.offset;
    if (sample.time_ns <= sample.window_start_ns) {
        log_warning("load: a window without length was dropped: the clock of %s was set back",
                    sample.load_host);
        return 0;
    }
    caller->window_end = sample.time_ns;
    sample.media = media;
    sample.media_count = take_media(delivery, media);
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

/* A callee's statistics are not followed, only whether it lives. */
static int watch_callee(struct sipp_host *callee, struct error *error)
{
    struct text unused = {0};
    bool ended = false;
    int exit_status = 0;
    int outcome = sipp_host_read(callee, 0, NULL, &unused, &ended, &exit_status, error);

    text_free(&unused);
    return outcome == 0 && ended ? say_early_end(callee, exit_status, error) : outcome;
}

static int watch_caller(struct sipp_caller *caller, int64_t patience, struct stop *stop,
                        struct delivery *delivery, struct error *error)
{
    bool ended = false;
    int exit_status = 0;

    if (sipp_host_read(&caller->host, patience, stop, &caller->unread, &ended, &exit_status,
                       error) < 0)
        return -1;
    delivery->caller = caller;
    if (sipp_statistics_feed(caller->statistics, text_string(&caller->unread),
                             caller->unread.length, deliver, delivery, error) < 0)
        return -1;
    text_clear(&caller->unread);
    if (ended)
        return say_early_end(&caller->host, exit_status, error);
    if (clock_now() - caller->last_row < STALL)
        return 0;
    error_set(error, ERROR_INCONCLUSIVE,
              "SIPp (caller) hangs: no statistics for %" PRId64 " s, one row a second is due",
              (int64_t)(STALL / CLOCK_SECOND));
    error_where(error, "running the load");
    return error_target(error, access_host(caller->host.access)->name);
}

/* One after the other: each has a row a second. */
static int watch_all(struct sipp_load *load, int64_t until, struct stop *stop,
                     struct delivery *delivery, struct error *error)
{
    for (size_t i = 0; i < load->caller_count; i++) {
        int64_t patience = CLOCK_SECOND / (int64_t)load->caller_count;
        int64_t left = until - clock_now();

        if (watch_caller(&load->callers[i],
                         left < 0          ? 0
                         : left < patience ? left
                                           : patience,
                         stop, delivery, error) < 0)
            return -1;
    }
    for (size_t i = 0; i < load->callee_count; i++) {
        if (watch_callee(&load->callees[i], error) < 0)
            return -1;
    }
    return 0;
}

int sipp_load_run(void *state, int64_t until, struct stop *stop, load_sample_callback *callback,
                  void *context, struct error *error)
{
    struct sipp_load *load = state;
    struct delivery delivery = {.load = load, .callback = callback, .context = context};

    if (load->callers[0].statistics == NULL)
        return error_set(error, ERROR_INTERNAL, "the load was not started");
    while (clock_now() < until && stop_reason(stop) == 0) {
        if (watch_all(load, until, stop, &delivery, error) < 0)
            return -1;
    }
    return 0;
}
