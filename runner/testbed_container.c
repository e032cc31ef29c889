#include "runner/testbed_container.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/container_engine.h"

static void unknown_node(struct element host, const char *name)
{
    const struct element testbed = {.node = host.node->parent, .findings = host.findings};
    const char **names = NULL;
    size_t count = 0;
    size_t capacity = 0;

    for (struct element node = element_child(testbed, "node"); node.node != NULL;
         node = element_next(node)) {
        names = memory_grow(names, count, &capacity, sizeof *names);
        names[count++] = element_text(node, "name", "");
    }
    element_unknown(host, "node", "node", name, names, count);
    while (count > 0)
        free((char *)names[--count]);
    free(names);
}

struct element testbed_node(struct element host)
{
    const struct element testbed = {.node = host.node->parent, .findings = host.findings};
    char *name = element_attribute(host, "node");
    struct element found = {.findings = host.findings};

    for (struct element node = element_child(testbed, "node"); name != NULL && node.node != NULL;
         node = element_next(node)) {
        char *its = element_text(node, "name", "");

        if (strcmp(its, name) == 0 && found.node == NULL)
            found = node;
        else if (strcmp(its, name) == 0)
            element_finding(node, "name", "every node has a name of its own",
                            "the name \"%s\" is taken by another node", name);
        free(its);
    }
    if (name != NULL && found.node == NULL)
        unknown_node(host, name);
    free(name);
    return found;
}

char *testbed_address(struct element host, struct element node)
{
    char *address = element_attribute(host, "address");
    char *name = element_attribute(host, "node");

    /* The schema demands a load host's. */
    if (address == NULL && name == NULL && element_is(host, "target") &&
        element_child(host, "kubectl").node == NULL)
        element_finding(host, NULL, "add an address, or a node and a <container>, or a <kubectl>",
                        "the target has no address");
    if (address != NULL && name != NULL)
        element_finding(host, "node", "a container is reached by its node's address",
                        "the target has an address and a node");
    free(name);
    if (address == NULL)
        address = element_text(node, "address", "");
    return address;
}

static void check_conditions(struct element container, const struct container_engine *engine)
{
    static const char *const conditions[] = {"name", "namespace", "pod", "label"};
    size_t known = 0;
    bool chosen = false;

    while (engine->attributes[known] != NULL)
        known++;
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        char *value = element_attribute(container, conditions[i]);
        bool allowed = false;

        for (size_t j = 0; j < known; j++)
            allowed = allowed || strcmp(engine->attributes[j], conditions[i]) == 0;
        if (value != NULL && !allowed)
            element_unknown(container, conditions[i], "attribute", conditions[i],
                            engine->attributes, known);
        chosen = chosen || (value != NULL && strcmp(conditions[i], "namespace") != 0);
        free(value);
    }
    if (!chosen)
        element_finding(container, NULL, "add a name, or another condition that one meets",
                        "nothing says which container it is");
}

static void check_engine(struct element container, const char *name)
{
    const struct container_engine *engine = container_engine_find(name);

    if (engine != NULL) {
        check_conditions(container, engine);
    } else if (name[0] != '\0') {
        size_t count;
        const char *const *names = container_engine_names(&count);

        element_unknown(container, "engine", "container engine", name, names, count);
    }
}

void testbed_read_container(struct host_access *access, struct element host, struct element node)
{
    struct element container = element_child(host, "container");
    char *name = element_attribute(host, "node");

    access->container = (struct container_choice){
        .engine = element_text(container, "engine", ""),
        .name = element_text(container, "name", ""),
        .pod_namespace = element_text(container, "namespace", ""),
        .pod = element_text(container, "pod", ""),
        .label = element_text(container, "label", ""),
    };
    if (container.node != NULL) {
        free(access->method);
        access->method = memory_string("container");
        check_engine(container, access->container.engine);
        element_finding(element_next(container), NULL, "", "<container> is there already");
        if (name == NULL)
            element_finding(host, NULL, "add a <node>, and name it in the target's attribute node",
                            "the target has a <container> and no node");
    } else if (node.node != NULL) {
        element_finding(host, "node", "add a <container engine=\"...\"/> to it",
                        "the target has a node and no <container>");
    }
    free(name);
}
