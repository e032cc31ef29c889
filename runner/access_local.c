/*
 * The access method 'local': this machine itself, where a collector runs the command that it would
 * run on a monitoring host. No host of a testbed file is reached so.
 */
#include <stdlib.h>

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

/* The connection is a stop, which is asked for once it is given up. */
static int open_connection(const struct host *host, void **connection, struct error *error)
{
    struct stop *gone = memory_new(1, sizeof *gone);

    (void)host;
    if (stop_open(gone, error) < 0) {
        free(gone);
        return -1;
    }
    *connection = gone;
    return 0;
}

static void abandon_connection(void *connection)
{
    stop_request(connection, 1);
}

static void close_connection(void *connection)
{
    stop_close(connection);
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

static int exchange(void *connection, void *channel_pointer, const char *input,
                    size_t *input_length, struct text *output, struct text *errors,
                    int *exit_status, struct error *error)
{
    struct child_channel *channel = channel_pointer;

    if (stop_reason(connection) != 0)
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
    child_channel_wait(channel, connection, deadline, stop);
}

static void end(void *connection, void *channel_pointer)
{
    struct child_channel *channel = channel_pointer;

    (void)connection;
    child_kill(&channel->child);
    free(channel);
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
    .endpoints = child_no_endpoints,
    .describe = describe,
};
