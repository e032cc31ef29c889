#include "runner/network_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <unistd.h>

int network_namespace_enter(const char *name, struct error *error)
{
    char path[512];
    int descriptor;
    int result;

    if (strchr(name, '/') != NULL || strcmp(name, "..") == 0 || strlen(name) > 255)
        return error_set(error, ERROR_INPUT, "'%s' is not the name of a network namespace", name);
    snprintf(path, sizeof path, "/run/netns/%s", name);
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
        error_system(error, ERROR_UNREACHABLE, "can't open the network namespace %s", path);
        return error_hint(error, "'ip netns list' shows those that exist; is the lab up?");
    }
    result = setns(descriptor, CLONE_NEWNET);
    if (result < 0) {
        error_system(error, ERROR_UNREACHABLE, "can't enter the network namespace '%s'", name);
        error_hint(error, "it takes the privileges of root");
    }
    close(descriptor);
    return result;
}

/* What is made in a namespace, by a thread that is in it. */
struct wanted {
    const char *namespace;
    int (*make)(const struct wanted *wanted, struct error *error);
    int family;
    int type;
    int protocol;
    int descriptor;
    struct error *error;
};

static int make_socket(const struct wanted *wanted, struct error *error)
{
    int descriptor = socket(wanted->family, wanted->type | SOCK_CLOEXEC, wanted->protocol);

    if (descriptor < 0)
        error_system(error, ERROR_UNREACHABLE, "can't make a socket");
    return descriptor;
}

/* Of a mount of its own, which ends with the descriptor: what is mounted at /sys may show another
 * namespace. */
static int make_sysfs(const struct wanted *wanted, struct error *error)
{
    int context = fsopen("sysfs", FSOPEN_CLOEXEC);
    int descriptor = -1;

    if (context >= 0 && fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
        descriptor = fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY);
    if (descriptor < 0)
        error_system(error, ERROR_UNREACHABLE, "can't see the interfaces of '%s'",
                     wanted->namespace);
    if (context >= 0)
        close(context);
    return descriptor;
}

static void *make_inside(void *argument)
{
    struct wanted *wanted = argument;

    if (network_namespace_enter(wanted->namespace, wanted->error) == 0)
        wanted->descriptor = wanted->make(wanted, wanted->error);
    return NULL;
}

/* A thread of its own makes it, so that the caller never leaves its own namespace. */
static int make(struct wanted *wanted, int *descriptor, struct error *error)
{
    pthread_t thread;

    *descriptor = -1;
    wanted->descriptor = -1;
    wanted->error = error;
    if (wanted->namespace[0] == '\0') {
        wanted->descriptor = wanted->make(wanted, error);
    } else {
        errno = pthread_create(&thread, NULL, make_inside, wanted);
        if (errno != 0)
            return error_system(error, ERROR_INTERNAL, "can't start a thread");
        pthread_join(thread, NULL);
    }
    *descriptor = wanted->descriptor;
    return wanted->descriptor >= 0 ? 0 : -1;
}

int network_namespace_socket(const char *name, int family, int type, int protocol, int *descriptor,
                             struct error *error)
{
    struct wanted wanted = {.namespace = name,
                            .make = make_socket,
                            .family = family,
                            .type = type,
                            .protocol = protocol};

    return make(&wanted, descriptor, error);
}

int network_namespace_sysfs(const char *name, int *descriptor, struct error *error)
{
    struct wanted wanted = {.namespace = name, .make = make_sysfs};
    struct error privileges = {0};

    if (name[0] != '\0')
        return make(&wanted, descriptor, error);
    if (make(&wanted, descriptor, &privileges) == 0)
        return 0;
    *descriptor = open("/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
    return *descriptor >= 0 ? 0 : error_system(error, ERROR_UNREACHABLE, "can't open /sys");
}
