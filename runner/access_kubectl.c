/*
 * The access method 'kubectl': a container of a pod by 'kubectl exec', where nobody may log in to
 * the node. kubectl runs on this machine, one process for each command; commands run within the
 * container, with the tools of its image and the rights that it has.
 */
#include "runner/access_kubectl.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"
#include "base/memory.h"
#include "runner/access_methods.h"

#define MOST_READ ((size_t)1024 * 1024) /* of one output in one exchange */
#define LONGEST_WAIT (1 * CLOCK_SECOND)
#define PAUSE (5 * CLOCK_MILLISECOND)

/* kubectl's own exit status does not tell a command's from its own failure, so the command's comes
 * at the end of its standard error. */
#define ENDED "vnfault-ended:"
#define REPLACED "replaced"

/* $1 start of the container's first process, then the command. A container that was started again
 * under the same pod is another one. */
static const char run_script[] = "started=$1\n"
                                 "shift\n"
                                 "is_first() { shift 19; [ \"$1\" = \"$started\" ]; }\n"
                                 "read -r stat </proc/1/stat && is_first ${stat##*) } ||\n"
                                 "    { printf '%s:%s\\n' vnfault-ended replaced >&2; exit 125; }\n"
                                 "\"$@\"\n"
                                 "status=$?\n"
                                 "printf '%s:%s\\n' vnfault-ended $status >&2\n"
                                 "exit $status\n";

struct kubectl_channel {
    struct child child;
    struct text held; /* of standard error: what may be the end, which is no output */
    bool wants_room;  /* there is input that the pipe did not take */
};

/* --- kubectl itself --- */

size_t kubectl_begin(const struct kubectl_connection *connection, const char *words[])
{
    size_t count = 0;

    words[count++] = "kubectl";
    for (size_t i = 0; i < connection->global_count; i++)
        words[count++] = connection->globals[i];
    return count;
}

int kubectl_run(const struct kubectl_connection *connection, const char *const arguments[],
                struct text *output, struct error *error)
{
    const char *words[KUBECTL_MOST_WORDS];
    size_t count = kubectl_begin(connection, words);
    struct process_result result;
    struct text quoted = {0};
    int outcome = 0;

    for (size_t i = 0; arguments[i] != NULL; i++)
        words[count++] = arguments[i];
    words[count] = NULL;
    if (process_run(words, NULL, connection->host->access.timeout, &result, error) < 0) {
        error->kind = ERROR_UNREACHABLE;
        return -1;
    }
    if (result.exit_status != 0) {
        access_quote(&quoted, result.errors.length > 0 ? &result.errors : &result.output);
        outcome = error_set(error, ERROR_UNREACHABLE, "'kubectl %s' ended with status %d: %s",
                            arguments[0], result.exit_status, text_string(&quoted));
        text_free(&quoted);
    } else {
        text_append_bytes(output, text_string(&result.output), result.output.length);
    }
    process_result_free(&result);
    return outcome;
}

/* --- the connection --- */

static void close_connection(void *connection_pointer)
{
    struct kubectl_connection *connection = connection_pointer;

    for (size_t i = 0; i < connection->global_count; i++)
        free(connection->globals[i]);
    if (connection->gone >= 0)
        close(connection->gone);
    free(connection->pod_namespace);
    free(connection->pod);
    free(connection->name);
    free(connection->id);
    free(connection);
}

static void add_global(struct kubectl_connection *connection, const char *option, const char *value)
{
    if (value[0] != '\0')
        connection->globals[connection->global_count++] = memory_format("%s=%s", option, value);
}

static int open_connection(const struct host *host, void **connection, struct error *error)
{
    struct kubectl_connection *made = memory_new(1, sizeof *made);
    int result = 0;

    made->host = host;
    add_global(made, "--kubeconfig", host->access.cluster.kubeconfig);
    add_global(made, "--context", host->access.cluster.context);
    add_global(made, "--namespace", host->access.container.pod_namespace);
    made->gone = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (made->gone < 0)
        result = error_system(error, ERROR_INTERNAL, "can't make an event descriptor");
    if (result == 0)
        result = kubectl_find(made, error);
    if (result < 0)
        close_connection(made);
    else
        *connection = made;
    return result;
}

static void abandon_connection(void *connection_pointer)
{
    struct kubectl_connection *connection = connection_pointer;
    uint64_t one = 1;
    ssize_t written;

    atomic_store(&connection->abandoned, true);
    written = write(connection->gone, &one, sizeof one);
    (void)written; /* a full counter wakes too */
}

static int abandoned_error(const struct kubectl_connection *connection, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE, "the connection to %s is given up by the runner",
              connection->pod);
    return error_target(error, connection->host->name);
}

/* --- commands --- */

static int start(void *connection_pointer, const char *const argv[], int64_t deadline,
                 void **channel, struct error *error)
{
    struct kubectl_connection *connection = connection_pointer;
    const char *const before[] = {"exec",
                                  "-i",
                                  "-n",
                                  connection->pod_namespace,
                                  connection->pod,
                                  "-c",
                                  connection->name,
                                  "--",
                                  "sh",
                                  "-c",
                                  run_script,
                                  "sh",
                                  connection->started};
    struct kubectl_channel *made;
    const char **words;
    size_t length = 0;
    size_t count;
    int result;

    (void)deadline; /* nothing is waited for here */
    if (atomic_load(&connection->abandoned))
        return abandoned_error(connection, error);
    while (argv[length] != NULL)
        length++;
    words = memory_new(KUBECTL_MOST_WORDS + length + 1, sizeof *words);
    count = kubectl_begin(connection, words);
    memcpy(words + count, before, sizeof before);
    memcpy(words + count + sizeof before / sizeof before[0], argv, length * sizeof *words);
    made = memory_new(1, sizeof *made);
    result = child_start(words, &made->child, error);
    free(words);
    if (result < 0) {
        free(made);
        return -1;
    }
    fcntl(made->child.input, F_SETFL, O_NONBLOCK);
    fcntl(made->child.output, F_SETFL, O_NONBLOCK);
    fcntl(made->child.errors, F_SETFL, O_NONBLOCK);
    *channel = made;
    return 0;
}

/* Takes what there is; closes the descriptor at its end. */
static void drain(int *descriptor, struct text *text)
{
    char buffer[32 * 1024];
    size_t total = 0;

    while (*descriptor >= 0 && total < MOST_READ) {
        ssize_t count = read(*descriptor, buffer, sizeof buffer);

        if (count > 0) {
            text_append_bytes(text, buffer, (size_t)count);
            total += (size_t)count;
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            child_close(descriptor);
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* How much of standard error is the command's for sure. */
static size_t certain_length(const struct text *held)
{
    const char *ended = strstr(text_string(held), ENDED);
    size_t most = strlen(ENDED) - 1 < held->length ? strlen(ENDED) - 1 : held->length;

    if (ended != NULL)
        return (size_t)(ended - held->bytes);
    while (most > 0 && strncmp(held->bytes + held->length - most, ENDED, most) != 0)
        most--;
    return held->length - most;
}

static void hand_on(struct kubectl_channel *channel, struct text *errors)
{
    size_t length = certain_length(&channel->held);

    if (length == 0)
        return;
    text_append_bytes(errors, channel->held.bytes, length);
    memmove(channel->held.bytes, channel->held.bytes + length, channel->held.length - length + 1);
    channel->held.length -= length;
}

/* Hands on what kubectl takes of the input. A command that reads no more drops it. */
static size_t feed(struct kubectl_channel *channel, const char *input, size_t length)
{
    size_t taken = 0;

    while (taken < length && channel->child.input >= 0) {
        ssize_t count = write(channel->child.input, input + taken, length - taken);

        if (count > 0)
            taken += (size_t)count;
        else if (errno == EAGAIN)
            break;
        else if (errno != EINTR)
            child_close(&channel->child.input);
    }
    channel->wants_room = channel->child.input >= 0 && taken < length;
    return channel->child.input >= 0 ? taken : length;
}

/* kubectl is over. */
static int conclude(const struct kubectl_connection *connection, struct kubectl_channel *channel,
                    int status, const struct text *errors, int *exit_status, struct error *error)
{
    const char *end = text_string(&channel->held);
    struct text quoted = {0};

    if (string_starts_with(end, ENDED REPLACED)) {
        error_set(error, ERROR_UNREACHABLE, "container %s of pod %s was started again",
                  connection->name, connection->pod);
        return error_target(error, connection->host->name);
    }
    if (string_starts_with(end, ENDED)) {
        *exit_status = (int)strtol(end + strlen(ENDED), NULL, 10) & 0xff;
        return 1;
    }
    access_quote(&quoted, channel->held.length > 0 ? &channel->held : errors);
    error_set(error, ERROR_UNREACHABLE, "'kubectl exec' ended with status %d: %s", status,
              text_string(&quoted));
    text_free(&quoted);
    return error_target(error, connection->host->name);
}

static int exchange(void *connection_pointer, void *channel_pointer, const char *input,
                    size_t *input_length, struct text *output, struct text *errors,
                    int *exit_status, struct error *error)
{
    struct kubectl_connection *connection = connection_pointer;
    struct kubectl_channel *channel = channel_pointer;
    int status;

    if (atomic_load(&connection->abandoned))
        return abandoned_error(connection, error);
    drain(&channel->child.output, output);
    drain(&channel->child.errors, &channel->held);
    hand_on(channel, errors);
    *input_length = feed(channel, input, *input_length);
    if (channel->child.output >= 0 || channel->child.errors >= 0 ||
        !child_has_ended(&channel->child, &status))
        return 0;
    return conclude(connection, channel, status, errors, exit_status, error);
}

static void end_input(void *connection, void *channel)
{
    (void)connection;
    child_close(&((struct kubectl_channel *)channel)->child.input);
}

static void wait_channel(void *connection_pointer, void *channel_pointer, int64_t deadline,
                         struct stop *stop)
{
    struct kubectl_connection *connection = connection_pointer;
    struct kubectl_channel *channel = channel_pointer;
    bool closed = channel->child.output < 0 && channel->child.errors < 0;
    /* Between the end of its outputs and its own nothing tells. */
    int64_t most = closed ? PAUSE : LONGEST_WAIT;
    int64_t left = deadline - clock_now();
    struct pollfd watch[] = {
        {.fd = channel->child.output, .events = POLLIN},
        {.fd = channel->child.errors, .events = POLLIN},
        {.fd = channel->wants_room ? channel->child.input : -1, .events = POLLOUT},
        {.fd = connection->gone, .events = POLLIN},
        {.fd = stop == NULL ? -1 : stop->descriptor, .events = POLLIN},
    };

    if (left > most)
        left = most;
    if (left > 0)
        (void)poll(watch, sizeof watch / sizeof watch[0], (int)(left / CLOCK_MILLISECOND) + 1);
}

static void end(void *connection, void *channel_pointer)
{
    struct kubectl_channel *channel = channel_pointer;

    (void)connection;
    child_kill(&channel->child);
    text_free(&channel->held);
    free(channel);
}

/* --- the rest of the method --- */

/* The way to the container does not lead through its network: nothing there is to be exempt. */
static int write_endpoints(void *connection, struct text *text, struct error *error)
{
    (void)connection;
    (void)text;
    (void)error;
    return 0;
}

static void describe(void *connection_pointer, struct text *text)
{
    struct kubectl_connection *connection = connection_pointer;

    text_appendf(text, "kubectl exec in %s/%s/%s, %.12s, first process started at tick %s",
                 connection->pod_namespace, connection->pod, connection->name, connection->id,
                 connection->started);
}

/* What runs the pod makes another one. */
static int restart(struct access_link *link, struct error *error)
{
    const struct kubectl_connection *connection = link->connection;
    const char *const words[] = {"delete",        "pod",          "-n", connection->pod_namespace,
                                 connection->pod, "--wait=false", NULL};
    struct text output = {0};
    int result = kubectl_run(connection, words, &output, error);

    text_free(&output);
    return result;
}

const struct access_method access_kubectl = {
    .name = "kubectl",
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
    .restart = restart,
};
