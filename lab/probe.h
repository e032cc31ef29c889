/* Asks a host, from the control namespace, whether it is ready. */
#ifndef LAB_PROBE_H
#define LAB_PROBE_H

#include <stdbool.h>

#include "base/error.h"
#include "base/stop.h"
#include "lab/lab.h"

/* True if the host's sshd greets and its service answers (SIP OPTIONS, HTTP GET). */
bool probe_host(const struct lab *lab, const struct lab_host *host);

/* Waits until the host is ready. ERROR_UNREACHABLE if it isn't within `patience` ns; the error of
 * kind ERROR_INTERRUPTED or ERROR_TERMINATED if stopped. */
int probe_wait(const struct lab *lab, const struct lab_host *host, int64_t patience,
               struct stop *stop, struct error *error);

#endif
