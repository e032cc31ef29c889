/*
 * The access method 'local': this machine itself, where a collector runs the command that it would
 * run on a monitoring host. No host of a testbed file is reached so.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/access_child.h"
#include "runner/access_methods.h"

/* The strings of a host could be changed, but aren't. */
#define SAYS(text) ((char *)(text))

const struct host access_this_machine = {
    .kind = HOST_MONITORING,
    .name = SAYS("this machine"),
    .role = SAYS(""),
    .reboot = SAYS(""),
    .access = {.method = SAYS("local"),
               .address = SAYS("this machine"),
               .user = SAYS(""),
               .key = SAYS(""),
               .certificate = SAYS(""),
               .known_hosts = SAYS(""),
               .network_namespace = SAYS(""),
               .timeout = 10 * CLOCK_SECOND},
};

struct local_connection {
    int gone; /* eventfd: readable once the connection is given up */
    atomic_bool abandoned;
};

static int open_connection(const struct host *host, void **connection, struct error *error)
{
    struct local_connection *made = memory_new(1, sizeof *made);

    (void)host;
    made->gone = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->gone < 0) {
        free(made);
        return error_system(error, ERROR_INTERNAL, "can't make an event descriptor");
    }
    *connection = made;
    return 0;
}

static void abandon_connection(void *connection_pointer)
{
    struct local_connection *connection = connection_pointer;
    uint64_t one = 1;
    ssize_t written;

    atomic_store(&connection->abandoned, true);
    written = write(connection->gone, &one, sizeof one);
    (void)written; /* a full counter wakes too */
}

static void close_connection(void *connection_pointer)
{
    struct local_connection *connection = connection_pointer;

    close(connection->gone);
    free(connection);
}

static int start(void *connection, const char *const argv[], int64_t deadline, void **channel,
                 struct error *error)
{
    struct child_channel *made = memory_new(1, sizeof *made);

    (void)connection;
    (void)deadline; /* nothing is waited for here */
    if (child_channel_start(made, argv, error) < 0) {
        free(made);
        return -1;
    }
    *channel = made;
    return 0;
}

static int exchange(void *connection_pointer, void *channel_pointer, const char *input,
                    size_t *input_length, struct text *output, struct text *errors,
                    int *exit_status, struct error *error)
{
    struct local_connection *connection = connection_pointer;
    struct child_channel *channel = channel_pointer;

    if (atomic_load(&connection->abandoned))
        return error_set(error, ERROR_UNREACHABLE, "given up by the runner");
    child_channel_drain(&channel->child.output, output);
    child_channel_drain(&channel->child.errors, errors);
    *input_length = child_channel_feed(channel, input, *input_length);
    return channel->child.output < 0 && channel->child.errors < 0 &&
           child_has_ended(&channel->child, exit_status);
}

static void end_input(void *connection, void *channel)
{
    (void)connection;
    child_close(&((struct child_channel *)channel)->child.input);
}

static void wait_channel(void *connection, void *channel, int64_t deadline, struct stop *stop)
{
    child_channel_wait(channel, ((struct local_connection *)connection)->gone, deadline, stop);
}

static void end(void *connection, void *channel_pointer)
{
    struct child_channel *channel = channel_pointer;

    (void)connection;
    child_kill(&channel->child);
    free(channel);
}

static int write_endpoints(void *connection, struct text *text, struct error *error)
{
    (void)connection;
    (void)text;
    (void)error;
    return 0;
}

static void describe(void *connection, struct text *text)
{
    (void)connection;
    text_append(text, "this machine");
}

const struct access_method access_local = {
    .name = "local",
    .open = open_connection,
    .abandon = abandon_connection,
    .close = close_connection,
    .start = start,
    .exchange = exchange,
    .end_input = end_input,
    .wait = wait_channel,
    .end = end,
    .endpoints = write_endpoints,
    .describe = describe,
};
