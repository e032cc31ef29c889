/* The engines podman and docker: both print the same with 'inspect'. */
#include <string.h>

#include "base/memory.h"
#include "runner/container_engine.h"

enum { KEY_LENGTH = 24 };

/* Without ids 'inspect' is an error. */
#define LIST(PROGRAM)                                                                              \
    "ids=$(" PROGRAM " ps -q --no-trunc) || exit\n"                                                \
    "[ -z \"$ids\" ] || exec " PROGRAM " inspect $ids\n"
#define PROCESS(PROGRAM) PROGRAM " inspect --format '{{.State.Pid}}' \"$1\""
#define RESTART(PROGRAM) PROGRAM " restart \"$1\""

static void read_container(const json_t *object, struct container_list *list)
{
    const char *id = container_json_string(object, (const char *const[]){"Id", NULL});
    const char *name = container_json_string(object, (const char *const[]){"Name", NULL});
    struct container *container;

    if (!container_is_plain(id))
        return;
    container = container_list_add(list);
    container->id = memory_string(id);
    container->key = memory_format("%.*s", KEY_LENGTH, id);
    container->name = memory_string(name + (name[0] == '/'));
    container->pod_namespace = memory_string("");
    container->pod = memory_string("");
    container_add_labels(container, json_object_get(json_object_get(object, "Config"), "Labels"));
}

static int read_inspected(const struct text *output, struct container_list *list,
                          struct error *error)
{
    json_error_t problem;
    json_t *root;

    if (output->length == 0)
        return 0;
    root = json_loadb(output->bytes, output->length, 0, &problem);
    if (!json_is_array(root)) {
        json_decref(root);
        return error_set(error, ERROR_UNREACHABLE, "'inspect' did not print a list in JSON");
    }
    for (size_t i = 0; i < json_array_size(root); i++)
        read_container(json_array_get(root, i), list);
    json_decref(root);
    return 0;
}

static const char *const attributes[] = {"name", "label", NULL};

const struct container_engine container_engine_podman = {
    .name = "podman",
    .attributes = attributes,
    .list = LIST("podman"),
    .read = read_inspected,
    .process = PROCESS("podman"),
    .restart = RESTART("podman"),
};

const struct container_engine container_engine_docker = {
    .name = "docker",
    .attributes = attributes,
    .list = LIST("docker"),
    .read = read_inspected,
    .process = PROCESS("docker"),
    .restart = RESTART("docker"),
};
