#include "runner/access_ssh.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/network_namespace.h"

/*
 * The connection is made by a thread of its own: only that thread enters the network namespace,
 * and a name server that does not answer (getaddrinfo knows no deadline) holds up only it.
 */
struct attempt {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool done;
    bool abandoned; /* nobody waits any more: the thread frees the attempt */
    char *address;
    char *network_namespace;
    int port;
    int64_t timeout;
    int64_t deadline;
    int descriptor;
    struct error error;
};

static void attempt_free(struct attempt *attempt)
{
    if (attempt->descriptor >= 0)
        close(attempt->descriptor);
    pthread_mutex_destroy(&attempt->lock);
    pthread_cond_destroy(&attempt->changed);
    free(attempt->address);
    free(attempt->network_namespace);
    free(attempt);
}

static void set_option(int descriptor, int level, int option, int value)
{
    /* Options only make the loss of a host show earlier; the connection works without. */
    (void)setsockopt(descriptor, level, option, &value, sizeof value);
}

/* A dead host is noticed after 30 s without traffic, or `timeout` after something was sent. */
static void set_options(int descriptor, int64_t timeout)
{
    set_option(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 15);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 5);
    set_option(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set_option(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT,
               (int)(timeout / CLOCK_MILLISECOND > 600000 ? 600000 : timeout / CLOCK_MILLISECOND));
}

/* Sets errno, ETIMEDOUT past the deadline. */
static int await_connection(int descriptor, int64_t deadline)
{
    struct pollfd watch = {.fd = descriptor, .events = POLLOUT};
    int number = 0;
    socklen_t size = sizeof number;
    int ready;

    do {
        int64_t left = deadline - clock_now();

        ready = poll(&watch, 1, left > 0 ? (int)(left / CLOCK_MILLISECOND) + 1 : 0);
    } while (ready < 0 && errno == EINTR);
    if (ready == 0)
        errno = ETIMEDOUT;
    if (ready <= 0)
        return -1;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &number, &size) < 0)
        return -1;
    errno = number;
    return number == 0 ? 0 : -1;
}

static int connect_to(const struct addrinfo *address, int64_t timeout, int64_t deadline)
{
    int descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int saved;

    if (descriptor < 0)
        return -1;
    set_options(descriptor, timeout);
    if (connect(descriptor, address->ai_addr, address->ai_addrlen) == 0)
        return descriptor;
    if (errno == EINPROGRESS && await_connection(descriptor, deadline) == 0)
        return descriptor;
    saved = errno;
    close(descriptor);
    errno = saved;
    return -1;
}

/* The error for errno after a connection could not be made. */
static int connection_error(const struct attempt *attempt, struct error *error)
{
    const char *address = attempt->address;
    char duration[32];

    switch (errno) {
    case ECONNREFUSED:
        error_set(error, ERROR_UNREACHABLE, "connection to %s port %d refused", address,
                  attempt->port);
        return error_hint(error, "nothing listens there: is sshd running, and is the port right?");
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENETDOWN:
        error_system(error, ERROR_UNREACHABLE, "no route to %s port %d", address, attempt->port);
        return error_hint(error, "is the host up, and the address right%s?",
                          attempt->network_namespace[0] != '\0' ? ", and the network namespace"
                                                                : "");
    case ETIMEDOUT:
        clock_format_duration(attempt->timeout, duration, sizeof duration);
        error_set(error, ERROR_UNREACHABLE, "no answer from %s port %d within %s", address,
                  attempt->port, duration);
        return error_hint(error, "is the host up, and does a firewall drop the packets?");
    case EINVAL:
        error_system(error, ERROR_UNREACHABLE, "can't connect to %s port %d", address,
                     attempt->port);
        return error_hint(error, "a link-local address needs its zone: fe80::1%%eth0");
    default:
        return error_system(error, ERROR_UNREACHABLE, "can't connect to %s port %d", address,
                            attempt->port);
    }
}

static int connect_host(struct attempt *attempt)
{
    struct addrinfo wanted = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *addresses = NULL;
    struct addrinfo *address;
    int64_t left = 0;
    char port[16];
    int number;

    if (attempt->network_namespace[0] != '\0' &&
        network_namespace_enter(attempt->network_namespace, &attempt->error) < 0)
        return -1;
    snprintf(port, sizeof port, "%d", attempt->port);
    number = getaddrinfo(attempt->address, port, &wanted, &addresses);
    if (number != 0) {
        error_set(&attempt->error, ERROR_UNREACHABLE, "can't find the address of '%s': %s",
                  attempt->address, gai_strerror(number));
        return error_hint(&attempt->error, "write an IP address, or a name that resolves here");
    }
    for (address = addresses; address != NULL; address = address->ai_next)
        left++;
    for (address = addresses; address != NULL && attempt->descriptor < 0; left--) {
        /* Each address gets its share, so that a dead one does not use up all the time. */
        int64_t share = (attempt->deadline - clock_now()) / left;

        attempt->descriptor = connect_to(address, attempt->timeout, clock_now() + share);
        address = address->ai_next;
    }
    if (attempt->descriptor < 0)
        connection_error(attempt, &attempt->error);
    freeaddrinfo(addresses);
    return attempt->descriptor < 0 ? -1 : 0;
}

static void *run_attempt(void *argument)
{
    struct attempt *attempt = argument;
    bool abandoned;

    connect_host(attempt);
    pthread_mutex_lock(&attempt->lock);
    attempt->done = true;
    abandoned = attempt->abandoned;
    pthread_cond_signal(&attempt->changed);
    pthread_mutex_unlock(&attempt->lock);
    if (abandoned)
        attempt_free(attempt);
    return NULL;
}

static struct attempt *attempt_new(const struct host *host, int64_t deadline)
{
    struct attempt *attempt = memory_new(1, sizeof *attempt);
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&attempt->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&attempt->lock, NULL);
    attempt->address = memory_string(host->access.address);
    attempt->network_namespace = memory_string(host->access.network_namespace);
    attempt->port = host->access.port;
    attempt->timeout = host->access.timeout;
    attempt->deadline = deadline;
    attempt->descriptor = -1;
    return attempt;
}

static int start_attempt(struct attempt *attempt)
{
    pthread_attr_t attributes;
    pthread_t thread;
    int number;

    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    number = pthread_create(&thread, &attributes, run_attempt, attempt);
    pthread_attr_destroy(&attributes);
    errno = number;
    return number == 0 ? 0 : -1;
}

/* Waits for the thread; false if it is still busy a little after the deadline. */
static bool await_attempt(struct attempt *attempt)
{
    int64_t left = attempt->deadline - clock_now() + CLOCK_SECOND;
    struct timespec until;
    bool done;
    int number = 0;

    clock_gettime(CLOCK_MONOTONIC, &until);
    left = (left > 0 ? left : 0) + until.tv_nsec;
    until.tv_sec += (time_t)(left / CLOCK_SECOND);
    until.tv_nsec = (long)(left % CLOCK_SECOND);
    pthread_mutex_lock(&attempt->lock);
    while (!attempt->done && number != ETIMEDOUT)
        number = pthread_cond_timedwait(&attempt->changed, &attempt->lock, &until);
    done = attempt->done;
    attempt->abandoned = !done;
    pthread_mutex_unlock(&attempt->lock);
    return done;
}

int ssh_socket_connect(const struct host *host, int64_t deadline, int *descriptor,
                       struct error *error)
{
    struct attempt *attempt = attempt_new(host, deadline);

    if (start_attempt(attempt) < 0) {
        error_system(error, ERROR_INTERNAL, "can't start a thread");
        attempt_free(attempt);
        return -1;
    }
    if (!await_attempt(attempt)) {
        error_set(error, ERROR_UNREACHABLE, "no answer for the name '%s' from the name server",
                  host->access.address);
        return error_hint(error, "write an IP address, or mend the name server");
    }
    *descriptor = attempt->descriptor;
    attempt->descriptor = -1;
    if (*descriptor < 0)
        *error = attempt->error;
    attempt_free(attempt);
    return *descriptor < 0 ? -1 : 0;
}
