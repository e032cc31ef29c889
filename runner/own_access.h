/* Connections to hosts for collectors that run commands on them, where there is no run that has
 * one: to monitoring hosts, and to targets without a run. Made when first asked for. */
#ifndef RUNNER_OWN_ACCESS_H
#define RUNNER_OWN_ACCESS_H

#include <stddef.h>

#include "base/error.h"
#include "runner/access.h"

struct own_connection;

struct own_access {
    struct own_connection **items;
    size_t count;
    size_t capacity;
};

/* A source_access (runner/source_groups.h); `context` is the struct own_access, empty at first.
 * Several threads may ask; those that ask for one host wait for the first of them. */
struct access *own_access_find(void *context, const struct host *target, struct error *error);
void own_access_close(struct own_access *own);

#endif
