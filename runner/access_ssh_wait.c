#include "runner/access_ssh.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* A sleeping thread looks at its stop this often; the polling one sees it at once. */
#define STOP_SLICE (50 * CLOCK_MILLISECOND)
/* Bound of one poll, should the machine's clock or a lost wake-up play tricks. */
#define LONGEST_WAIT (1 * CLOCK_SECOND)

void ssh_connection_wake_all(struct ssh_connection *connection)
{
    uint64_t one = 1;

    connection->generation++;
    pthread_cond_broadcast(&connection->changed);
    if (connection->polled) {
        ssize_t written = write(connection->wake, &one, sizeof one);

        (void)written; /* a full counter wakes too */
    }
}

void ssh_connection_lose(struct ssh_connection *connection, const char *reason)
{
    if (connection->lost)
        return;
    connection->lost = true;
    snprintf(connection->reason, sizeof connection->reason, "%s", reason);
    ssh_connection_wake_all(connection);
}

bool ssh_connection_note(struct ssh_connection *connection)
{
    if (!connection->lost && !ssh_is_connected(connection->session))
        ssh_connection_lose(connection, ssh_get_error(connection->session));
    if (connection->received.in_bytes == connection->noted)
        return false;
    connection->noted = connection->received.in_bytes;
    ssh_connection_wake_all(connection);
    return true;
}

int ssh_connection_lost_error(struct ssh_connection *connection, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE, "the SSH connection to %s port %d is lost: %s",
              connection->host->access.address, connection->host->access.port, connection->reason);
    error_target(error, connection->host->name);
    return error_hint(error, "see whether the host is up and its sshd runs");
}

static bool wants_output(struct ssh_connection *connection)
{
    return (ssh_get_poll_flags(connection->session) & SSH_WRITE_PENDING) != 0;
}

static void drain_wake(struct ssh_connection *connection)
{
    uint64_t count;
    ssize_t length = read(connection->wake, &count, sizeof count);

    (void)length; /* nothing there is fine */
}

/* Polls for all threads, without the lock. Then lets libssh take in what has come. */
static void poll_socket(struct ssh_connection *connection, int64_t timeout, struct stop *stop)
{
    struct pollfd watch[3] = {
        {.fd = ssh_get_fd(connection->session), .events = POLLIN},
        {.fd = connection->wake, .events = POLLIN},
        {.fd = stop == NULL ? -1 : stop->descriptor, .events = POLLIN},
    };
    struct timespec limit = {(time_t)(timeout / CLOCK_SECOND), (long)(timeout % CLOCK_SECOND)};

    connection->polls_output = wants_output(connection);
    if (connection->polls_output)
        watch[0].events |= POLLOUT;
    connection->polled = true;
    pthread_mutex_unlock(&connection->lock);
    (void)ppoll(watch, 3, &limit, NULL); /* a signal ends the wait early, which is harmless */
    pthread_mutex_lock(&connection->lock);
    connection->polled = false;
    if (watch[1].revents != 0)
        drain_wake(connection);
    if (watch[0].revents != 0 && !connection->lost) {
        /* Looking at a channel makes libssh take in and send out what the socket allows. */
        if (ssh_channel_poll(connection->pump, 0) == SSH_ERROR)
            ssh_connection_lose(connection, ssh_get_error(connection->session));
        ssh_connection_note(connection);
    }
}

static void sleep_beside(struct ssh_connection *connection, int64_t timeout)
{
    struct timespec until;

    /* The polling thread has to know that there is something to send now. */
    if (!connection->polls_output && wants_output(connection)) {
        uint64_t one = 1;
        ssize_t written = write(connection->wake, &one, sizeof one);

        (void)written;
    }
    clock_gettime(CLOCK_MONOTONIC, &until);
    timeout += until.tv_nsec;
    until.tv_sec += (time_t)(timeout / CLOCK_SECOND);
    until.tv_nsec = (long)(timeout % CLOCK_SECOND);
    pthread_cond_timedwait(&connection->changed, &connection->lock, &until);
}

static int64_t least(int64_t left, int64_t right)
{
    return left < right ? left : right;
}

bool ssh_connection_wait(struct ssh_connection *connection, uint64_t seen, int64_t deadline,
                         struct stop *stop)
{
    bool changed;

    for (;;) {
        int64_t left = deadline - clock_now();

        changed = connection->generation != seen || connection->lost;
        if (changed || left <= 0 || (stop != NULL && stop_reason(stop) != 0))
            break;
        if (!connection->polled)
            poll_socket(connection, least(left, LONGEST_WAIT), stop);
        else
            sleep_beside(connection, least(left, stop == NULL ? LONGEST_WAIT : STOP_SLICE));
    }
    /* Nobody polls now: another thread has to. */
    if (!connection->polled)
        pthread_cond_signal(&connection->changed);
    return changed;
}
