/*
 * SIPp's statistics file (-trace_stat), read row by row while it grows: ';' between fields, a head
 * that names the columns, '(P)' for the period since the row before and '(C)' for the sum since the
 * start. Instants are of the clock of the host that SIPp runs on.
 *
 * Counts of a window are differences of the sums, so a row that is missing or torn loses no call:
 * the next window is longer. Response times are those of the last period only.
 */
#ifndef RUNNER_LOAD_SIPP_STATISTICS_H
#define RUNNER_LOAD_SIPP_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/writer.h"

/* Sums since the start of SIPp, of the last row that was accepted. */
struct sipp_totals {
    int64_t created;
    int64_t succeeded;
    int64_t failed;
    int64_t retransmissions;
};

/* Called for each window; window_start_ns and time_ns of the sample are the host's clock, its
 * load_host is NULL. The arrays are the parser's. */
typedef int sipp_window_callback(const struct store_service_sample *window, void *context,
                                 struct error *error);

struct sipp_statistics;

struct sipp_statistics *sipp_statistics_new(void);
void sipp_statistics_free(struct sipp_statistics *statistics);

/*
 * Takes the next bytes of the file, which may end within a row. A row that is torn, out of order or
 * absurd is dropped with a log line; a window without length (SIPp repeats its last row) is not
 * handed on. ERROR_INCONCLUSIVE if the head is not that of SIPp's statistics; -1 of the callback
 * is handed back.
 */
int sipp_statistics_feed(struct sipp_statistics *statistics, const char *bytes, size_t length,
                         sipp_window_callback *callback, void *context, struct error *error);

/* Rows that were not accepted. */
size_t sipp_statistics_dropped(const struct sipp_statistics *statistics);
const struct sipp_totals *sipp_statistics_totals(const struct sipp_statistics *statistics);

#endif
