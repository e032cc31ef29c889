/* The testbed: the machines of a campaign and how to reach them. Read from a testbed file. */
#ifndef RUNNER_TESTBED_H
#define RUNNER_TESTBED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Which of the containers that run on a node a target is: the one that all conditions hold for. ""
 * is no condition. */
struct container_choice {
    char *engine; /* 'podman'; see the table of container engines; 'kubectl'; "" for a host that is
                     none */
    char *name;   /* of the container, in a pod or by itself */
    char *pod_namespace;
    char *pod;
    char *label; /* 'NAME=VALUE', or several parted by commas */
};

struct host;
struct host_secrets;

/* Which cluster kubectl is to talk to; "" is what kubectl does by itself. */
struct cluster_choice {
    char *kubeconfig; /* file */
    char *context;    /* name in it */
};

/* How a host is reached. Strings are never NULL; "" means 'not said'. */
struct host_access {
    char *method;              /* 'ssh', 'container', 'kubectl'; see the table of access methods */
    char *address;             /* host name or IP address; of a container its node's */
    char *user;                /* 'root' unless said; "" where nobody logs in */
    char *key;                 /* file with the private key; "" for the agent */
    char *certificate;         /* file with the key's certificate; "" for one beside it, if any */
    char *known_hosts;         /* "" for the user's own file */
    char *network_namespace;   /* name of the network namespace to connect from; "" for this one */
    int port;                  /* 22 unless said */
    bool sudo;                 /* commands run through sudo */
    const struct host *jump;   /* the jump host that it is reached by; NULL: directly */
    bool accept_new_host_keys; /* keys of unknown hosts are added to known_hosts; not in the file */
    const struct host_secrets *secrets; /* that the caller was told; NULL: none. Not in the file */
    int64_t timeout;                    /* bound of each remote step, ns; never scaled */
    struct container_choice container;
    struct cluster_choice cluster;
};

/* One collector's way to one target's metrics: attributes as written in the file. */
struct source {
    char *collector; /* 'cgroup'; see the table of collectors */
    size_t attribute_count;
    char **names;
    char **values;
    const struct host
        *host; /* the monitoring host that it is read on; NULL if the file names none */
};

/* Names of processes are as the kernel has them: at most 15 bytes. */
enum { HOST_SERVICE_NAME_SIZE = 16, HOST_MOST_SERVICES = 8 };

enum host_kind { HOST_TARGET, HOST_LOAD, HOST_JUMP, HOST_MONITORING };

struct host {
    enum host_kind kind;
    char *name;
    char *role;   /* 'P-CSCF'; "" if not said */
    char *reboot; /* command that reboots it, run on it; of a container on its node, "" for what its
                     engine does */
    struct host_access access;
    char **services; /* names of the processes that make its service; see service_watch.h */
    size_t service_count;
    struct source *sources;
    size_t source_count;
    int line; /* in the testbed file */
};

struct testbed {
    char *path;
    char *name;
    char *xml; /* as read, XInclude resolved */
    struct host *hosts;
    size_t host_count;
    struct host *jump_hosts; /* only gone through; nothing is injected in them and nothing read */
    size_t jump_host_count;
    struct host *monitoring_hosts; /* only read on: a hypervisor, say */
    size_t monitoring_host_count;
};

/* Value of a source's attribute, or `otherwise` if it has none of that name. */
const char *source_attribute(const struct source *source, const char *name, const char *otherwise);

/* The target or load host of that name, or NULL. */
const struct host *testbed_host(const struct testbed *testbed, const char *name);

/* All hosts that are connected to, whatever they are for, one after the other; NULL after the last.
 */
struct host *testbed_any_host(struct testbed *testbed, size_t index);

void testbed_free(struct testbed *testbed);

#endif
