/* The first process of a host, as seen from this machine. */
#ifndef LAB_HOST_PROCESS_H
#define LAB_HOST_PROCESS_H

#include <sys/types.h>

#include "lab/lab.h"

/* Its number, or 0 if the host does not run. */
pid_t host_process(const struct lab *lab, const struct lab_host *host);

#endif
