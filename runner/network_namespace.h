/* Network namespaces by their names under /run/netns, as 'ip netns' lists them. */
#ifndef RUNNER_NETWORK_NAMESPACE_H
#define RUNNER_NETWORK_NAMESPACE_H

#include "base/error.h"

/* Moves the calling thread, and no other, into the namespace. ERROR_INPUT if it is no name,
 * ERROR_UNREACHABLE if there is none of that name. */
int network_namespace_enter(const char *name, struct error *error);

/*
 * A socket as socket(2) makes it, closed on exec, in the namespace ("": in the caller's own). A
 * thread of its own makes it, so that the caller never leaves its own namespace. Errors as above.
 */
int network_namespace_socket(const char *name, int family, int type, int protocol, int *descriptor,
                             struct error *error);

/*
 * The root of a sysfs that shows the namespace's interfaces, closed on exec. It needs the
 * privileges of root and Linux 5.2; without them the caller's own is what is mounted at /sys.
 * Errors as above.
 */
int network_namespace_sysfs(const char *name, int *descriptor, struct error *error);

#endif
