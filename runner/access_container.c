/*
 * The access method 'container': a container or a pod's container, through its node. Commands run
 * on the node over SSH, within the container's network, UTS and IPC namespaces, but with the
 * node's tools, files and processes; what a fault runs is put into the container by the contract
 * (injectors/contract/container.sh). So nothing has to be in the container's image, and guards and
 * undo records outlive the container.
 */
#include "runner/access_container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct container_channel {
    void *channel;      /* of the method 'ssh' */
    struct text ending; /* how the command's standard error ends, as far as it has come */
};

/*
 * $1 first process of the container, $2 its start, $3 the container's name on the node, $4 whose
 * network it has, then the command. /sys shows the interfaces of whoever mounts it; the node's
 * control groups stay there. Mounts that come and go on the node do so here, too.
 */
static const char enter_script[] =
    "PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n"
    "first=$1 started=$2\n"
    "is_first() { shift 19; [ \"$1\" = \"$started\" ]; }\n"
    "read -r stat 2>/dev/null </proc/$first/stat && is_first ${stat##*) } ||\n"
    "    { echo '" CONTAINER_REFUSAL "it has ended, or was started again' >&2; exit 125; }\n"
    "[ \"$4\" = node ] || unset SSH_CONNECTION SSH_CLIENT\n"
    "VNFAULT_CONTAINER=$3. VNFAULT_FIRST=$first VNFAULT_STARTED=$started\n"
    "export PATH VNFAULT_CONTAINER VNFAULT_FIRST VNFAULT_STARTED\n"
    "shift 4\n"
    "exec nsenter -n -u -i -t $first -- unshare -m --propagation slave -- sh -c '\n"
    "mount -t sysfs sysfs /sys/kernel &&\n"
    "    mount --rbind /sys/fs/cgroup /sys/kernel/fs/cgroup && mount --move /sys/kernel /sys ||\n"
    "    { echo \"" CONTAINER_REFUSAL "can not show its interfaces under /sys\" >&2; exit 125; }\n"
    "exec \"$@\"' sh \"$@\"\n";

static void close_connection(void *connection_pointer)
{
    struct container_connection *connection = connection_pointer;

    access_ssh.close(connection->node);
    free(connection->id);
    free(connection->key);
    free(connection->name);
    free(connection);
}

static int open_connection(const struct host *host, void **connection, struct error *error)
{
    struct container_connection *made = memory_new(1, sizeof *made);

    made->host = host;
    made->engine = container_engine_find(host->access.container.engine);
    if (made->engine == NULL) {
        error_set(error, ERROR_INPUT, "unknown container engine '%s'",
                  host->access.container.engine);
        free(made);
        return -1;
    }
    if (access_ssh.open(host, &made->node, error) < 0) {
        free(made);
        return -1;
    }
    *connection = made;
    return 0;
}

static void abandon_connection(void *connection)
{
    access_ssh.abandon(((struct container_connection *)connection)->node);
}

static bool is_lost(void *connection)
{
    return access_ssh.is_lost(((struct container_connection *)connection)->node);
}

static size_t enter(void *connection_pointer, const char *const argv[], const char *words[])
{
    struct container_connection *connection = connection_pointer;
    const char *const before[] = {"sh",
                                  "-c",
                                  enter_script,
                                  "sh",
                                  connection->first,
                                  connection->started,
                                  connection->key,
                                  connection->network};
    size_t count = sizeof before / sizeof before[0];

    _Static_assert(sizeof before / sizeof before[0] <= ACCESS_MOST_WORDS, "room for the words");
    memcpy(words, before, sizeof before);
    while (*argv != NULL)
        words[count++] = *argv++;
    return count;
}

/* --- commands: those of SSH, and it is noticed if the container is not there any more --- */

static int start(void *connection, const char *const argv[], int64_t deadline, void **channel,
                 struct error *error)
{
    struct container_channel *made = memory_new(1, sizeof *made);

    if (access_ssh.start(((struct container_connection *)connection)->node, argv, deadline,
                         &made->channel, error) < 0) {
        free(made);
        return -1;
    }
    *channel = made;
    return 0;
}

static void keep_ending(struct container_channel *channel, const struct text *errors, size_t before)
{
    enum { ENOUGH = 200 };
    struct text *ending = &channel->ending;

    text_append_bytes(ending, text_string(errors) + before, errors->length - before);
    if (ending->length <= ENOUGH)
        return;
    memmove(ending->bytes, ending->bytes + ending->length - ENOUGH, ENOUGH + 1);
    ending->length = ENOUGH;
}

static int refusal_error(const struct container_connection *connection, const char *reason,
                         struct error *error)
{
    reason += strlen(CONTAINER_REFUSAL);

    error_set(error, ERROR_UNREACHABLE, "%s's container %s: %.*s", connection->engine->name,
              connection->name, (int)strcspn(reason, "\n"), reason);
    return error_target(error, connection->host->name);
}

static int exchange(void *connection_pointer, void *channel_pointer, const char *input,
                    size_t *input_length, struct text *output, struct text *errors,
                    int *exit_status, struct error *error)
{
    struct container_connection *connection = connection_pointer;
    struct container_channel *channel = channel_pointer;
    size_t before = errors->length;
    int result = access_ssh.exchange(connection->node, channel->channel, input, input_length,
                                     output, errors, exit_status, error);
    const char *refusal;

    keep_ending(channel, errors, before);
    refusal = strstr(text_string(&channel->ending), CONTAINER_REFUSAL);
    if (result == 1 && *exit_status == CONTAINER_REFUSED && refusal != NULL)
        return refusal_error(connection, refusal, error);
    return result;
}

static void end_input(void *connection, void *channel)
{
    access_ssh.end_input(((struct container_connection *)connection)->node,
                         ((struct container_channel *)channel)->channel);
}

static void wait_channel(void *connection, void *channel, int64_t deadline, struct stop *stop)
{
    access_ssh.wait(((struct container_connection *)connection)->node,
                    ((struct container_channel *)channel)->channel, deadline, stop);
}

static void end(void *connection, void *channel_pointer)
{
    struct container_channel *channel = channel_pointer;

    access_ssh.end(((struct container_connection *)connection)->node, channel->channel);
    text_free(&channel->ending);
    free(channel);
}

/* The control connection ends at the node: it does not go through a network of the container's
 * own, so that nothing there is to be exempt from faults. */
static int write_endpoints(void *connection_pointer, struct text *text, struct error *error)
{
    struct container_connection *connection = connection_pointer;

    if (strcmp(connection->network, "node") != 0)
        return 0;
    return access_ssh.endpoints(connection->node, text, error);
}

static void describe(void *connection_pointer, struct text *text)
{
    struct container_connection *connection = connection_pointer;

    text_appendf(text, "%s on %s: %s, %.12s%s, process %s started at tick %s",
                 connection->engine->name, connection->host->access.address, connection->name,
                 connection->id,
                 strcmp(connection->network, "node") == 0 ? ", on the node's own network" : "",
                 connection->first, connection->started);
}

static char *own_folder(void *connection_pointer)
{
    struct container_connection *connection = connection_pointer;

    return memory_format(ACCESS_FOLDER "/containers/%s", connection->key);
}

const struct access_method access_container = {
    .name = "container",
    .open = open_connection,
    .abandon = abandon_connection,
    .is_lost = is_lost,
    .close = close_connection,
    .start = start,
    .exchange = exchange,
    .end_input = end_input,
    .wait = wait_channel,
    .end = end,
    .endpoints = write_endpoints,
    .find = container_find,
    .within = enter,
    .describe = describe,
    .restart = container_restart,
    .folder = own_folder,
};
