#include "runner/access_kubectl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/memory.h"

/* --- the pods of a namespace --- */

/* What comes after 'containerd://' and the like. */
static const char *plain_id(const char *id)
{
    const char *after = strstr(id, "://");

    return after != NULL ? after + strlen("://") : id;
}

static void read_container(const json_t *pod, const json_t *status, struct container_list *list)
{
    const char *pod_name =
        container_json_string(pod, (const char *const[]){"metadata", "name", NULL});
    const char *pod_namespace =
        container_json_string(pod, (const char *const[]){"metadata", "namespace", NULL});
    const char *name = container_json_string(status, (const char *const[]){"name", NULL});
    const char *id =
        plain_id(container_json_string(status, (const char *const[]){"containerID", NULL}));
    struct container *container;

    if (!container_is_plain(pod_name) || !container_is_plain(pod_namespace) ||
        !container_is_plain(name) || !container_is_plain(id) ||
        json_object_get(json_object_get(status, "state"), "running") == NULL)
        return;
    container = container_list_add(list);
    container->id = memory_string(id);
    container->key = memory_string(id);
    container->name = memory_string(name);
    container->pod_namespace = memory_string(pod_namespace);
    container->pod = memory_string(pod_name);
    container_add_labels(container, json_object_get(json_object_get(pod, "metadata"), "labels"));
}

int kubectl_read_pods(const struct text *output, struct container_list *list, struct error *error)
{
    json_error_t problem;
    json_t *root = json_loadb(text_string(output), output->length, 0, &problem);
    const json_t *pods = json_object_get(root, "items");

    if (!json_is_array(pods)) {
        json_decref(root);
        return error_set(error, ERROR_UNREACHABLE, "kubectl did not print a list of pods in JSON");
    }
    for (size_t i = 0; i < json_array_size(pods); i++) {
        const json_t *pod = json_array_get(pods, i);
        const json_t *statuses =
            json_object_get(json_object_get(pod, "status"), "containerStatuses");

        /* One that is on its way out has its successor already. */
        if (json_object_get(json_object_get(pod, "metadata"), "deletionTimestamp") != NULL)
            continue;
        for (size_t j = 0; j < json_array_size(statuses); j++)
            read_container(pod, json_array_get(statuses, j), list);
    }
    json_decref(root);
    return 0;
}

static int choose(struct kubectl_connection *connection, struct container_list *list,
                  struct error *error)
{
    static const char *const all[] = {"get", "pods", "-o", "json", NULL};
    const struct container *chosen;
    struct text output = {0};
    int result = kubectl_run(connection, all, &output, error);

    if (result == 0)
        result = kubectl_read_pods(&output, list, error);
    text_free(&output);
    if (result < 0)
        return -1;
    chosen = container_choose(list, &connection->host->access.container, error);
    if (chosen == NULL)
        return -1;
    connection->pod_namespace = memory_string(chosen->pod_namespace);
    connection->pod = memory_string(chosen->pod);
    connection->name = memory_string(chosen->name);
    connection->id = memory_string(chosen->id);
    return 0;
}

/* --- the container --- */

/* Prints when its first process was started, the 22nd word of 'stat'. */
static const char look_script[] =
    "read -r stat </proc/1/stat && set -- ${stat##*) } && shift 19 && echo \"$1\"";

static int look(struct kubectl_connection *connection, struct error *error)
{
    const char *const look[] = {"exec",
                                "-n",
                                connection->pod_namespace,
                                connection->pod,
                                "-c",
                                connection->name,
                                "--",
                                "sh",
                                "-c",
                                look_script,
                                NULL};
    struct text output = {0};
    int result = kubectl_run(connection, look, &output, error);

    if (result < 0)
        error_hint(error,
                   "the container needs a POSIX shell, and the user of the cluster the right "
                   "to 'create pods/exec'");
    else if (sscanf(text_string(&output), "%23[0-9]", connection->started) != 1)
        result = error_set(error, ERROR_UNREACHABLE,
                           "the container does not tell of its first "
                           "process");
    text_free(&output);
    return result;
}

int kubectl_find(struct kubectl_connection *connection, struct error *error)
{
    struct container_list list = {0};
    int result = choose(connection, &list, error);

    container_list_free(&list);
    return result < 0 ? -1 : look(connection, error);
}
