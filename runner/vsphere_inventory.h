/* Virtual machines of a vCenter: which one is meant, and what state it is in. */
#ifndef RUNNER_VSPHERE_INVENTORY_H
#define RUNNER_VSPHERE_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>

#include "runner/vsphere_session.h"

/* One VM that is looked for; found by its place in the inventory ('DC0/vm/ims/bono') if the name
 * has a '/', else by its name wherever it is. */
struct vsphere_wanted {
    const char *name;
    struct vsphere_reference machine; /* once found */
    size_t found;                     /* how many bear the name */
};

/* Looks for all; at most one pass over the server's VMs. What isn't found is no error. */
int vsphere_find(struct vsphere_session *session, struct vsphere_wanted *wanted, size_t count,
                 struct error *error);

/* What a VM was like at one time. Texts that were not told or are too long are "". */
struct vsphere_state {
    bool is_told;
    char power[24];         /* 'poweredOn' */
    char host[256];         /* that it runs on; changes as it moves */
    char configuration[64]; /* changes with its hardware */
};

/* States of VMs, all in one question. ManagedObjectNotFound if one is gone. */
int vsphere_states(struct vsphere_session *session, const struct vsphere_reference *machines,
                   size_t count, struct vsphere_state *states, struct error *error);

#endif
