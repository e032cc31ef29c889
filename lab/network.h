/* The lab's two networks, the service's and that of management: a bridge each, a cable to each host
 * and one to the control namespace. What the runner does is not among what the service's cables
 * count. */
#ifndef LAB_NETWORK_H
#define LAB_NETWORK_H

#include "base/error.h"
#include "lab/lab.h"

/* Makes the bridges' namespaces and the control namespace. */
int network_make(const struct lab *lab, struct error *error);

/* Makes the host's namespace anew and plugs it in. What was in the old one (addresses, qdiscs,
 * rules) is gone. */
int network_plug(const struct lab *lab, const struct lab_host *host, struct error *error);

/* Removes every namespace of the lab that is there. */
int network_remove(const struct lab *lab, struct error *error);

/* Moves the calling thread into a network namespace of the lab. */
int network_enter(const struct lab *lab, const char *part, struct error *error);

#endif
