/* Inside of the access method 'container': shared by the files runner/access_container*.c only. */
#ifndef RUNNER_ACCESS_CONTAINER_H
#define RUNNER_ACCESS_CONTAINER_H

#include <stdbool.h>

#include "base/error.h"
#include "runner/access_methods.h"
#include "runner/container_engine.h"

/* What the shell within a container's namespaces says, on standard error, if it can't get there,
 * and its exit status then. */
#define CONTAINER_REFUSAL "vnfault-enter: "
enum { CONTAINER_REFUSED = 125 };

/* A connection to the node, and the container that was found there. */
struct container_connection {
    const struct host *host;
    void *node; /* the connection of the method 'ssh' */
    const struct container_engine *engine;
    char *id; /* see struct container */
    char *key;
    char *name;
    char first[16];   /* number of its first process on the node */
    char started[24]; /* when that was started, clock ticks since boot */
    char network[8];  /* 'own', or 'node' if it has the node's */
};

/* --- runner/access_container_find.c --- */

/* Finds the container by its engine, and its first process. */
int container_find(struct access_link *link, struct error *error);

/* Has the engine start it again, or the testbed file's own command on the node. */
int container_restart(struct access_link *link, struct error *error);

#endif
