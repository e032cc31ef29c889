/* Inside of the access method 'kubectl': shared by the files runner/access_kubectl*.c only. */
#ifndef RUNNER_ACCESS_KUBECTL_H
#define RUNNER_ACCESS_KUBECTL_H

#include <stddef.h>

#include "base/error.h"
#include "base/process.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/container_engine.h"
#include "runner/testbed.h"

enum { KUBECTL_MOST_GLOBALS = 4, KUBECTL_MOST_WORDS = KUBECTL_MOST_GLOBALS + 16 };

struct kubectl_connection {
    const struct host *host;
    char *globals[KUBECTL_MOST_GLOBALS]; /* options that come before all others */
    size_t global_count;
    char *pod_namespace;
    char *pod;
    char *name; /* of the container */
    char *id;
    char started[24]; /* its first process, clock ticks since boot */
    struct stop gone; /* asked for once the connection is given up */
};

/* Puts 'kubectl' and the options for the cluster into `words`; returns their number. */
size_t kubectl_begin(const struct kubectl_connection *connection, const char *words[]);

/* Runs kubectl with these words after the options to its end. Another status than 0 is
 * ERROR_UNREACHABLE and quotes what kubectl said. */
int kubectl_run(const struct kubectl_connection *connection, const char *const arguments[],
                struct text *output, struct error *error);

/* --- runner/access_kubectl_find.c --- */

/* Adds the containers that run, of what 'kubectl get pods -o json' printed. */
int kubectl_read_pods(const struct text *output, struct container_list *list, struct error *error);

/* Finds the one container that the testbed file describes, and its first process. */
int kubectl_find(struct kubectl_connection *connection, struct error *error);

#endif
