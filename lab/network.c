#include "lab/network.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"
#include "lab/namespace_folder.h"

#define IP_PATIENCE (20 * CLOCK_SECOND)

/* A bridge in a namespace of its own, and the name of the interface that hosts have on it. */
static const struct network {
    const char *part;
    const char *interface;
} service_network = {"switch", "eth0"}, management_network = {"management", "eth1"};

/* Runs ip on the lines of `commands` in the namespace of that part of the lab. */
static int run_ip(const struct lab *lab, const char *part, const char *commands,
                  struct error *error)
{
    char namespace[LAB_NAME_SIZE];
    const char *argv[] = {"ip", "-n", namespace, "-batch", "-", NULL};
    struct process_result result;
    int outcome = 0;

    lab_namespace(lab, part, namespace);
    if (process_run(argv, commands, IP_PATIENCE, &result, error) < 0)
        return -1;
    if (result.exit_status != 0) {
        text_trim(&result.errors);
        outcome = error_set(error, ERROR_UNREACHABLE, "can't set up the lab's network: %s",
                            text_string(&result.errors));
    }
    process_result_free(&result);
    return outcome;
}

static int namespace_path(const struct lab *lab, const char *part, char path[160])
{
    char name[LAB_NAME_SIZE];

    lab_namespace(lab, part, name);
    return snprintf(path, 160, "/run/netns/%s", name);
}

static int enter_path(const char *path, struct error *error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    int result;

    if (descriptor < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't open network namespace %s", path);
    result = setns(descriptor, CLONE_NEWNET);
    if (result < 0)
        error_system(error, ERROR_UNREACHABLE, "can't enter network namespace %s", path);
    close(descriptor);
    return result;
}

int network_enter(const struct lab *lab, const char *part, struct error *error)
{
    char path[160];

    namespace_path(lab, part, path);
    return enter_path(path, error);
}

/* Switches off what would let packets out or add some of its own: a new namespace may inherit
 * forwarding from the machine. */
static int quieten(struct error *error)
{
    static const char *const settings[][2] = {
        {"/proc/sys/net/ipv4/ip_forward", "0"},
        {"/proc/sys/net/ipv6/conf/all/disable_ipv6", "1"},
        {"/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"},
    };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        int descriptor = open(settings[i][0], O_WRONLY | O_CLOEXEC);
        bool done;

        if (descriptor < 0 && !file_exists(settings[i][0]))
            continue; /* a kernel without IPv6 */
        done = descriptor >= 0 && write(descriptor, settings[i][1], 1) == 1;
        if (!done)
            error_system(error, ERROR_UNREACHABLE, "can't write %s", settings[i][0]);
        if (descriptor >= 0)
            close(descriptor);
        if (!done)
            return -1;
    }
    return 0;
}

static int quieten_namespace(const struct lab *lab, const char *part, struct error *error)
{
    int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    int result;

    if (own < 0)
        return error_system(error, ERROR_INTERNAL, "can't open this thread's network namespace");
    result = network_enter(lab, part, error);
    if (result == 0) {
        result = quieten(error);
        if (setns(own, CLONE_NEWNET) < 0)
            result = error_system(error, ERROR_INTERNAL, "can't return to the own namespace");
    }
    close(own);
    return result;
}

/* Makes the named namespace of that part, by way of iproute2 so that `ip netns` knows it. */
static int add_namespace(const struct lab *lab, const char *part, struct error *error)
{
    char name[LAB_NAME_SIZE];
    const char *argv[] = {"ip", "netns", "add", name, NULL};

    lab_namespace(lab, part, name);
    if (process_check(argv, IP_PATIENCE, error) < 0)
        return -1;
    return quieten_namespace(lab, part, error);
}

struct cable {
    const struct network *network;
    const char *part; /* at the other end */
    const char *address;
    const char *mac;
};

/* Lays a cable from the network's bridge, where its end has the name of the part, to the part's
 * namespace. No default route is set, so nothing leaves the lab. */
static int lay_cable(const struct lab *lab, const struct cable *cable, struct error *error)
{
    const char *interface = cable->network->interface;
    struct text commands = {0};
    char namespace[LAB_NAME_SIZE];
    int result;

    lab_namespace(lab, cable->part, namespace);
    text_appendf(&commands, "link add name %s type veth peer name %s address %s netns %s\n",
                 cable->part, interface, cable->mac, namespace);
    text_appendf(&commands, "link set %s master bridge up\n", cable->part);
    result = run_ip(lab, cable->network->part, text_string(&commands), error);
    text_clear(&commands);
    text_appendf(&commands, "link set lo up\naddr add %s/24 dev %s\nlink set %s up\n",
                 cable->address, interface, interface);
    if (result == 0)
        result = run_ip(lab, cable->part, text_string(&commands), error);
    text_free(&commands);
    return result;
}

static int make_bridge(const struct lab *lab, const struct network *network, struct error *error)
{
    if (add_namespace(lab, network->part, error) < 0)
        return -1;
    return run_ip(lab, network->part,
                  "link add name bridge type bridge stp_state 0 forward_delay 0\n"
                  "link set bridge up\n",
                  error);
}

int network_make(const struct lab *lab, struct error *error)
{
    static const struct cable service = {&service_network, "control", LAB_CONTROL_ADDRESS,
                                         "02:76:6e:66:00:01"};
    static const struct cable management = {&management_network, "control",
                                            LAB_CONTROL_MANAGEMENT_ADDRESS, "02:76:6e:66:01:01"};

    if (namespace_folder_note(error) < 0 || make_bridge(lab, &service_network, error) < 0 ||
        make_bridge(lab, &management_network, error) < 0 ||
        add_namespace(lab, "control", error) < 0 || lay_cable(lab, &service, error) < 0)
        return -1;
    return lay_cable(lab, &management, error);
}

static int remove_namespace(const struct lab *lab, const char *part, struct error *error)
{
    char path[160];

    namespace_path(lab, part, path);
    if (!file_exists(path))
        return 0;
    while (umount2(path, MNT_DETACH) == 0)
        ;
    if (unlink(path) < 0)
        return error_system(error, ERROR_NOT_CLEAN, "can't remove network namespace %s", path);
    return 0;
}

/* Unplugs the bridge's end, which takes the host's end with it at once; the kernel takes its
 * time over a namespace. */
static void unplug(const struct lab *lab, const struct network *network, const char *part)
{
    char bridge[LAB_NAME_SIZE];
    const char *argv[] = {"ip", "-n", bridge, "link", "delete", part, NULL};
    struct process_result result;
    struct error ignored;

    lab_namespace(lab, network->part, bridge);
    if (process_run(argv, NULL, IP_PATIENCE, &result, &ignored) == 0)
        process_result_free(&result);
}

int network_plug(const struct lab *lab, const struct lab_host *host, struct error *error)
{
    const struct cable service = {&service_network, host->name, host->address, host->mac};
    const struct cable management = {&management_network, host->name, host->management_address,
                                     host->management_mac};
    char path[160];

    namespace_path(lab, host->name, path);
    if (file_exists(path)) {
        unplug(lab, &service_network, host->name);
        unplug(lab, &management_network, host->name);
        if (remove_namespace(lab, host->name, error) < 0)
            return -1;
    }
    if (add_namespace(lab, host->name, error) < 0 || lay_cable(lab, &service, error) < 0)
        return -1;
    return lay_cable(lab, &management, error);
}

int network_remove(const struct lab *lab, struct error *error)
{
    const char *const others[] = {"control", service_network.part, management_network.part};
    int result = 0;

    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        if (remove_namespace(lab, lab_hosts[i].name, error) < 0)
            result = -1;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (remove_namespace(lab, others[i], error) < 0)
            result = -1;
    }
    return result < 0 ? -1 : namespace_folder_restore(error);
}
