/* Instants as the vSphere API writes them (xsd:dateTime), and the offset of the server's clock. */
#ifndef RUNNER_VSPHERE_TIME_H
#define RUNNER_VSPHERE_TIME_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* Server's clock to runner's: an instant of the server's is this much later on the runner's, give
 * or take the bound. */
struct vsphere_clock {
    int64_t offset; /* ns */
    int64_t bound;  /* ns */
};

/* Reads an instant, ns since 1970; without a zone it is in UTC. `*step` (may be NULL) becomes how
 * fine it is written, 1 s or a decimal fraction of it. False if it is no instant between 1970 and
 * 2200. */
bool vsphere_time_read(const char *string, int64_t *instant, int64_t *step);

/* Appends an instant, in UTC. */
void vsphere_time_write(struct text *text, int64_t instant);

/* The clock of a server that said `instant`, written in steps of `step`, in answer to a question
 * asked at `began` and answered at `ended`, runner's clock. */
struct vsphere_clock vsphere_clock_measure(int64_t began, int64_t ended, int64_t instant,
                                           int64_t step);

#endif
