#include "lab/hosts.h"

#include <string.h>

#define MEGABYTE (INT64_C(1) << 20)

/* A host with that many cores; memory and disk are the same for all. */
#define LIMITS(amount)                                                                             \
    {                                                                                              \
        .cores = (amount), .memory = 512 * MEGABYTE, .disk_rate = 20 * MEGABYTE                    \
    }

/* A core each, and at 160 calls/s 10 to 40 % of it busy: so a fault of 70 % and one of 97 % differ,
 * and of two cores enough is left for the other hosts, SIPp and the runner. */
const struct lab_host lab_hosts[LAB_HOST_COUNT] = {
    {"bono", "P-CSCF", "198.18.0.11", "198.18.1.11", "02:76:6e:66:00:0b", "02:76:6e:66:01:0b",
     "bono.cfg", 5060, "sip", LIMITS(1.0)},
    {"sprout", "S-CSCF", "198.18.0.12", "198.18.1.12", "02:76:6e:66:00:0c", "02:76:6e:66:01:0c",
     "sprout.cfg", 5060, "sip", LIMITS(1.0)},
    {"homestead", "HSS", "198.18.0.13", "198.18.1.13", "02:76:6e:66:00:0d", "02:76:6e:66:01:0d",
     "homestead.cfg", 8888, "http", LIMITS(1.0)},
    {"load", "load", "198.18.0.20", "198.18.1.20", "02:76:6e:66:00:14", "02:76:6e:66:01:14", NULL,
     0, NULL, LIMITS(1.0)},
};

const struct lab_host *lab_host_find(const char *name)
{
    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        if (strcmp(lab_hosts[i].name, name) == 0)
            return &lab_hosts[i];
    }
    return NULL;
}
