/*
 * libFuzzer target: any bytes as SIPp's statistics file, in two pieces. Whatever they are, windows
 * follow each other and no count is negative.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/log.h"
#include "runner/load_sipp_statistics.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    log_set_level(LOG_ERROR);
    return 0;
}

static int check(const struct store_service_sample *window, void *context, struct error *error)
{
    (void)context;
    (void)error;
    if (window->time_ns <= window->window_start_ns || window->calls_created < 0 ||
        window->calls_succeeded < 0 || window->calls_failed < 0 || window->calls_current < 0 ||
        window->retransmissions < 0 || !(window->offered_rate >= 0))
        abort();
    for (size_t i = 0; i < window->failure_count; i++) {
        if (window->failures[i].calls <= 0)
            abort();
    }
    for (size_t i = 0; i < window->response_count; i++) {
        if (window->responses[i].mean_ns < 0 || window->responses[i].deviation_ns < -1)
            abort();
    }
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct sipp_statistics *statistics = sipp_statistics_new();
    size_t first = length == 0 ? 0 : bytes[0] % length;
    struct error error;

    if (sipp_statistics_feed(statistics, (const char *)bytes, first, check, NULL, &error) == 0)
        sipp_statistics_feed(statistics, (const char *)bytes + first, length - first, check, NULL,
                             &error);
    sipp_statistics_free(statistics);
    return 0;
}
