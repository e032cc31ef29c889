/* The holder of a host: a process outside it that starts it again whenever it ends. */
#ifndef LAB_HOLDER_H
#define LAB_HOLDER_H

#include "base/error.h"
#include "lab/cgroup.h"
#include "lab/lab.h"

/* Starts a holder that outlives the caller. `*report` becomes a descriptor to wait on with
 * holder_wait; the caller's. */
int holder_start(const struct lab *lab, const struct lab_host *host,
                 const struct cgroup_layout *layout, int *report, struct error *error);

/* Waits until the host was booted for the first time, or says why it could not. Closes the
 * descriptor. */
int holder_wait(int report, const struct lab_host *host, struct error *error);

#endif
