/* Inside of the access room: the methods, and what runner/access*.c share with them. */
#ifndef RUNNER_ACCESS_METHODS_H
#define RUNNER_ACCESS_METHODS_H

#include "runner/access.h"

/* Where vnfault keeps what it has on a host. */
#define ACCESS_FOLDER "/run/vnfault"

extern const struct access_method access_ssh;
extern const struct access_method access_container;
extern const struct access_method access_kubectl;
extern const struct access_method access_local;

/* A connection and its users: the access, and each command that runs over it. It is closed by the
 * last one, so that a reopened access leaves the commands of the old connection to end. */
struct access_link {
    const struct access_method *method;
    const struct host *host;
    void *connection;
    size_t users; /* changed by keep and release only */
};

/* The access's present link, to be given back with access_link_release; NULL and an error if it
 * has none (a reopening failed). */
struct access_link *access_link_take(struct access *access, struct error *error);

/* A new link of one user; NULL and an error that names the host. */
struct access_link *access_link_open(const struct host *host, const struct access_method *method,
                                     struct error *error);

/* One user less; the last one closes it. */
void access_link_release(struct access_link *link);

/* The method by which its host is reached. */
const struct access_method *access_method_of(const struct access *access);

/* One more user. */
void access_link_keep(struct access_link *link);

/* As access_run, over one link and on the host that its connection leads to. */
int access_link_run(struct access_link *link, const char *const argv[], int64_t timeout,
                    struct command_result *result, struct error *error);

/* Appends the first part of a host's output with all but printable ASCII replaced, fit for an error
 * message on any terminal and in JSON. */
void access_quote(struct text *text, const struct text *output);

#endif
