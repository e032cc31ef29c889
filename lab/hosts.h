/* The hosts of the lab: one table, the same in every lab. */
#ifndef LAB_HOSTS_H
#define LAB_HOSTS_H

#include <stddef.h>
#include <stdint.h>

#include "lab/cgroup.h"

/* The control namespace's, on the service's network and on the management network. */
#define LAB_CONTROL_ADDRESS "198.18.0.1"
#define LAB_CONTROL_MANAGEMENT_ADDRESS "198.18.1.1"
/* All labs together have the claim on a busy machine's CPUs of that many processes, so that their
 * hosts, within their limits, are machines of their own and not slowed down by other work. */
#define LAB_WEIGHT 16
#define LAB_SUBSCRIBERS 2000
#define LAB_FIRST_NUMBER 2010000000L

enum { LAB_HOST_COUNT = 4 };

struct lab_host {
    const char *name;
    const char *role;               /* as in 3GPP TS 23.228; "load" for the load host */
    const char *address;            /* of eth0, on the service's network */
    const char *management_address; /* of eth1, by which the runner reaches it */
    /* Fixed: a reboot must not leave a stale address at the peers. */
    const char *mac;
    const char *management_mac;
    const char *configuration; /* Kamailio's, under lab/configuration/; NULL if it runs none */
    int port;                  /* of the service; 0 if none */
    const char *protocol;      /* how readiness is asked for: "sip", "http"; NULL if no service */
    struct cgroup_limits limits;
};

/* In the order in which they are listed. */
extern const struct lab_host lab_hosts[LAB_HOST_COUNT];

/* The host of that name, or NULL. */
const struct lab_host *lab_host_find(const char *name);

#endif
