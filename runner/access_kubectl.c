/*
 * The access method 'kubectl': a container of a pod by 'kubectl exec', where nobody may log in to
 * the node. kubectl runs on this machine, one process for each command; commands run within the
 * container, with the tools of its image and the rights that it has.
 */
#include "runner/access_kubectl.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/access_child.h"
#include "runner/access_methods.h"

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
    struct child_channel program;
    struct text held; /* of standard error: what may be the end, which is no output */
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
    if (connection->gone.descriptor >= 0)
        stop_close(&connection->gone);
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
    int result;

    made->host = host;
    add_global(made, "--kubeconfig", host->access.cluster.kubeconfig);
    add_global(made, "--context", host->access.cluster.context);
    add_global(made, "--namespace", host->access.container.pod_namespace);
    result = stop_open(&made->gone, error);
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

    stop_request(&connection->gone, 1);
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
    if (stop_reason(&connection->gone) != 0)
        return abandoned_error(connection, error);
    while (argv[length] != NULL)
        length++;
    words = memory_new(KUBECTL_MOST_WORDS + length + 1, sizeof *words);
    count = kubectl_begin(connection, words);
    memcpy(words + count, before, sizeof before);
    memcpy(words + count + sizeof before / sizeof before[0], argv, length * sizeof *words);
    made = memory_new(1, sizeof *made);
    result = child_channel_start(&made->program, words, error);
    free(words);
    if (result < 0) {
        free(made);
        return -1;
    }
    *channel = made;
    return 0;
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

    if (stop_reason(&connection->gone) != 0)
        return abandoned_error(connection, error);
    child_channel_drain(&channel->program.child.output, output);
    child_channel_drain(&channel->program.child.errors, &channel->held);
    hand_on(channel, errors);
    *input_length = child_channel_feed(&channel->program, input, *input_length);
    if (channel->program.child.output >= 0 || channel->program.child.errors >= 0 ||
        !child_has_ended(&channel->program.child, &status))
        return 0;
    return conclude(connection, channel, status, errors, exit_status, error);
}

static void end_input(void *connection, void *channel)
{
    (void)connection;
    child_close(&((struct kubectl_channel *)channel)->program.child.input);
}

static void wait_channel(void *connection, void *channel, int64_t deadline, struct stop *stop)
{
    child_channel_wait(&((struct kubectl_channel *)channel)->program,
                       &((struct kubectl_connection *)connection)->gone, deadline, stop);
}

static void end(void *connection, void *channel_pointer)
{
    struct kubectl_channel *channel = channel_pointer;

    (void)connection;
    child_kill(&channel->program.child);
    text_free(&channel->held);
    free(channel);
}

/* --- the rest of the method --- */

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
    .endpoints = child_no_endpoints,
    .describe = describe,
    .restart = restart,
};
