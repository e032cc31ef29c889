#include "runner/network_namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
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

struct wanted_socket {
    const char *namespace;
    int family;
    int type;
    int protocol;
    int descriptor;
    struct error *error;
};

static int make_socket(struct wanted_socket *wanted)
{
    wanted->descriptor = socket(wanted->family, wanted->type | SOCK_CLOEXEC, wanted->protocol);
    return wanted->descriptor >= 0
               ? 0
               : error_system(wanted->error, ERROR_UNREACHABLE, "can't make a socket");
}

static void *make_socket_inside(void *argument)
{
    struct wanted_socket *wanted = argument;

    if (network_namespace_enter(wanted->namespace, wanted->error) == 0)
        make_socket(wanted);
    return NULL;
}

int network_namespace_socket(const char *name, int family, int type, int protocol, int *descriptor,
                             struct error *error)
{
    struct wanted_socket wanted = {name, family, type, protocol, -1, error};
    pthread_t thread;

    if (name[0] == '\0') {
        make_socket(&wanted);
    } else {
        errno = pthread_create(&thread, NULL, make_socket_inside, &wanted);
        if (errno != 0)
            return error_system(error, ERROR_INTERNAL, "can't start a thread");
        pthread_join(thread, NULL);
    }
    *descriptor = wanted.descriptor;
    return wanted.descriptor >= 0 ? 0 : -1;
}
