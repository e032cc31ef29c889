/* The engine containerd, as Kubernetes uses it: containers of pods, in its namespace k8s.io. What
 * they are is in the labels that the kubelet gives them; a pod's own are at its sandbox. */
#include <string.h>

#include "base/memory.h"
#include "runner/container_engine.h"

#define KIND "io.cri-containerd.kind"
#define POD_UID "io.kubernetes.pod.uid"

static const char *label_of(const json_t *object, const char *name)
{
    return container_json_string(object, (const char *const[]){"Labels", name, NULL});
}

static bool is_sandbox(const json_t *object)
{
    return strcmp(label_of(object, KIND), "sandbox") == 0;
}

/* The sandbox of the same pod, or NULL. */
static const json_t *find_sandbox(const json_t *objects, const char *uid)
{
    for (size_t i = 0; uid[0] != '\0' && i < json_array_size(objects); i++) {
        const json_t *object = json_array_get(objects, i);

        if (is_sandbox(object) && strcmp(label_of(object, POD_UID), uid) == 0)
            return object;
    }
    return NULL;
}

static void read_container(const json_t *object, const json_t *objects, struct container_list *list)
{
    const char *id = container_json_string(object, (const char *const[]){"ID", NULL});
    const char *name = label_of(object, "io.kubernetes.container.name");
    const char *uid = label_of(object, POD_UID);
    struct container *container;

    if (!container_is_plain(id))
        return;
    container = container_list_add(list);
    container->id = memory_string(id);
    container->name = memory_string(name[0] != '\0' ? name : id);
    /* A container that the kubelet starts again is a new one of the same pod. */
    if (container_is_plain(uid) && container_is_plain(name))
        container->key = memory_format("%s.%s", uid, name);
    else
        container->key = memory_string(id);
    container->pod_namespace = memory_string(label_of(object, "io.kubernetes.pod.namespace"));
    container->pod = memory_string(label_of(object, "io.kubernetes.pod.name"));
    container_add_labels(container, json_object_get(object, "Labels"));
    container_add_labels(container, json_object_get(find_sandbox(objects, uid), "Labels"));
}

/* JSON objects one after the other, as a list. */
static json_t *load_objects(const struct text *output)
{
    json_t *objects = json_array();
    size_t at = 0;

    while (at < output->length && output->bytes[at + strspn(output->bytes + at, " \n")] != '\0') {
        json_error_t problem;
        json_t *object =
            json_loadb(output->bytes + at, output->length - at, JSON_DISABLE_EOF_CHECK, &problem);

        if (object == NULL) {
            json_decref(objects);
            return NULL;
        }
        json_array_append_new(objects, object);
        at += (size_t)problem.position;
    }
    return objects;
}

static int read_infos(const struct text *output, struct container_list *list, struct error *error)
{
    json_t *objects = load_objects(output);

    if (objects == NULL)
        return error_set(error, ERROR_UNREACHABLE, "'ctr containers info' did not print JSON");
    for (size_t i = 0; i < json_array_size(objects); i++) {
        if (!is_sandbox(json_array_get(objects, i)))
            read_container(json_array_get(objects, i), objects, list);
    }
    json_decref(objects);
    return 0;
}

static const char *const attributes[] = {"name", "namespace", "pod", "label", NULL};

const struct container_engine container_engine_containerd = {
    .name = "containerd",
    .attributes = attributes,
    .list = "tasks=$(ctr -n k8s.io tasks ls) || exit\n"
            "printf '%s\\n' \"$tasks\" | while read -r id process status; do\n"
            "    [ \"$status\" != RUNNING ] || ctr -n k8s.io containers info \"$id\" || exit\n"
            "done\n",
    .read = read_infos,
    .process = "ctr -n k8s.io tasks ls | while read -r id process status; do\n"
               "    [ \"$id\" != \"$1\" ] || echo \"$process\"\n"
               "done\n",
    /* The kubelet starts it again. */
    .restart = "ctr -n k8s.io tasks kill --signal SIGKILL \"$1\"",
};
