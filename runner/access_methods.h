/* Inside of the access room: the methods, and what runner/access*.c share with them. */
#ifndef RUNNER_ACCESS_METHODS_H
#define RUNNER_ACCESS_METHODS_H

#include "runner/access.h"

extern const struct access_method access_ssh;

/* A connection and its users: the access, and each command that runs over it. It is closed by the
 * last one, so that a reopened access leaves the commands of the old connection to end. */
struct access_link {
    const struct access_method *method;
    const struct host *host;
    void *connection;
    size_t users; /* guarded by `lock` of the access room, see runner/access.c */
};

/* The access's present link, to be given back with access_link_release; NULL and an error if it
 * has none (a reopening failed). */
struct access_link *access_link_take(struct access *access, struct error *error);
void access_link_release(struct access_link *link);

/* Appends the first part of a host's output with all but printable ASCII replaced, fit for an error
 * message on any terminal and in JSON. */
void access_quote(struct text *text, const struct text *output);

#endif
