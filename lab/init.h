/* The first process of a host: supervises its services, as systemd would. */
#ifndef LAB_INIT_H
#define LAB_INIT_H

#include "lab/lab.h"

/*
 * Starts the host's services and starts each again one second after its end. SIGTERM, which
 * `reboot` sends, ends it, and the kernel ends every other process of the host with it. Returns
 * the exit status for the process.
 */
int init_run(const struct lab_host *host);

#endif
