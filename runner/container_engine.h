/*
 * Container engines: how the containers of a node are listed, found and started again. A family:
 * each is a struct container_engine and one line in the table of runner/container_engine.c. What
 * they print is read here; who runs their scripts on the node is the access method 'container'.
 */
#ifndef RUNNER_CONTAINER_ENGINE_H
#define RUNNER_CONTAINER_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/testbed.h"

/* A container that runs. Strings are never NULL. */
struct container {
    char *id;            /* the engine's; letters, digits, '-', '_' and '.' */
    char *key;           /* what it keeps when it is started again; of the same letters */
    char *name;          /* of a pod's container the name within the pod */
    char *pod_namespace; /* "" where the engine has none */
    char *pod;           /* "" where the engine has none */
    char **labels;       /* 'NAME=VALUE', of the pod too */
    size_t label_count;
    size_t label_capacity;
};

struct container_list {
    struct container *items;
    size_t count;
    size_t capacity;
};

/* An engine's programs may be where a login by SSH does not look: begins what runs them. */
#define CONTAINER_ENGINE_PATHS                                                                     \
    "PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"

struct container_engine {
    const char *name;              /* as in the testbed file */
    const char *const *attributes; /* that <container> may have of struct container_choice */
    /* POSIX shell, run as root on the node: prints what runs, for `read`. */
    const char *list;
    /* Adds the containers of what `list` printed. */
    int (*read)(const struct text *output, struct container_list *list, struct error *error);
    /* Shell commands with the container's id in $1: one prints the number of its first process, the
     * other has it ended and started again. */
    const char *process;
    const char *restart;
};

extern const struct container_engine container_engine_podman;
extern const struct container_engine container_engine_docker;
extern const struct container_engine container_engine_containerd;

/* The engine of that name, or NULL. */
const struct container_engine *container_engine_find(const char *name);

/* Names of all engines; `*count` is set. */
const char *const *container_engine_names(size_t *count);

/* The one container that the choice is for. ERROR_UNREACHABLE if there is none or more than one,
 * with those that there are. */
const struct container *container_choose(const struct container_list *list,
                                         const struct container_choice *choice,
                                         struct error *error);

/* Adds a container, to be filled in: all strings are NULL. */
struct container *container_list_add(struct container_list *list);
void container_list_free(struct container_list *list);

/* Adds the members of a JSON object that are strings as labels; NULL has none. */
void container_add_labels(struct container *container, const json_t *labels);

/* True if it is of letters, digits, '-', '_' and '.', and so fit for a command and a path. */
bool container_is_plain(const char *word);

/* The string at that path of member names, the last one NULL; "" if there is none. */
const char *container_json_string(const json_t *object, const char *const path[]);

#endif
