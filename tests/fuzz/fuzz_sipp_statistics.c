/*
 * libFuzzer target: any bytes as SIPp's statistics file, in two pieces. Whatever they are, windows
 * follow each other and no count is negative, of media neither.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/log.h"
#include "runner/load_sipp_media.h"
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
        if (window->failures[i].count <= 0)
            abort();
    }
    for (size_t i = 0; i < window->response_count; i++) {
        if (window->responses[i].mean_ns < 0 || window->responses[i].deviation_ns < -1)
            abort();
    }
    return 0;
}

/* Its lines of media, too: the same whatever the pieces. */
static void check_media(const char *bytes, size_t length, size_t first)
{
    struct sipp_media parts = {0};
    struct sipp_media whole = {0};
    struct sipp_packets of_parts = {0};
    struct sipp_packets of_whole = {0};

    sipp_media_feed(&parts, bytes, first);
    sipp_media_take(&parts, &of_parts);
    sipp_media_feed(&parts, bytes + first, length - first);
    sipp_media_feed(&whole, bytes, length);
    if (sipp_media_take(&parts, &of_parts) != sipp_media_take(&whole, &of_whole) ||
        of_parts.sent != of_whole.sent || of_parts.echoed != of_whole.echoed || of_whole.sent < 0 ||
        of_whole.echoed < 0)
        abort();
    sipp_media_clear(&parts);
    sipp_media_clear(&whole);
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
    check_media((const char *)bytes, length, first);
    return 0;
}
