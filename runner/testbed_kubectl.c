/* Reading <kubectl> of a target in a testbed file. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/testbed_container.h"
#include "runner/testbed_ssh.h"

/* What says otherwise how the target is reached. */
static void check_alone(struct element host, struct element kubectl)
{
    static const char *const others[] = {"address", "node", "reboot"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        char *value = element_attribute(host, others[i]);

        if (value != NULL)
            element_finding(host, others[i], "leave it out; a reset deletes the pod",
                            "a target with <kubectl> takes no %s", others[i]);
        free(value);
    }
    if (element_child(host, "container").node != NULL || element_next(kubectl).node != NULL)
        element_finding(kubectl, NULL, "", "the target has more than one <kubectl> or <container>");
}

static void replace(char **field, char *value)
{
    free(*field);
    *field = value;
}

void testbed_read_kubectl(struct host_access *access, struct element host)
{
    struct element kubectl = element_child(host, "kubectl");
    struct container_choice *choice = &access->container;

    if (kubectl.node == NULL)
        return;
    check_alone(host, kubectl);
    replace(&access->method, memory_string("kubectl"));
    replace(&access->cluster.kubeconfig, testbed_read_path(kubectl, "kubeconfig"));
    replace(&access->cluster.context, element_text(kubectl, "context", ""));
    replace(&choice->engine, memory_string("kubectl"));
    replace(&choice->name, element_text(kubectl, "name", ""));
    replace(&choice->pod_namespace, element_text(kubectl, "namespace", ""));
    replace(&choice->pod, element_text(kubectl, "pod", ""));
    replace(&choice->label, element_text(kubectl, "label", ""));
    replace(&access->address, memory_string("its pod"));
    replace(&access->user, memory_string(""));
    access->sudo = false;
    if (choice->name[0] == '\0' && choice->pod[0] == '\0' && choice->label[0] == '\0')
        element_finding(kubectl, NULL, "add a label, a pod or a name",
                        "nothing says which container it is");
}
