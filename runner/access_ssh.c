#include "runner/access_ssh.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "runner/access.h"
#include "runner/access_methods.h"

/* What a log-in shell must hand on unharmed for quoted words to work. */
#define DIFFICULT_WORD "vnfault's \"shell\" \\ $0 `;` *\ttest"
#define MOST_PROBE_OUTPUT ((size_t)64 * 1024)

static pthread_once_t initialised = PTHREAD_ONCE_INIT;

static void write_log(int priority, const char *function, const char *line, void *context)
{
    (void)priority;
    (void)context;
    log_debug("libssh: %s: %s", function, line);
}

static void initialise(void)
{
    ssh_init();
    ssh_set_log_callback(write_log);
    ssh_set_log_level(SSH_LOG_WARN);
}

static void connection_free(struct ssh_connection *connection)
{
    if (connection->session != NULL) {
        ssh_silent_disconnect(connection->session); /* ssh_disconnect leaves the socket open */
        ssh_free(connection->session);
    }
    if (connection->jump != NULL)
        ssh_jump_release(connection->jump);
    while (connection->orphans != NULL) {
        struct ssh_orphan *orphan = connection->orphans;

        connection->orphans = orphan->next;
        free(orphan); /* its channel went with the session */
    }
    if (connection->wake >= 0)
        close(connection->wake);
    pthread_cond_destroy(&connection->changed);
    pthread_mutex_destroy(&connection->lock);
    text_free(&connection->news);
    free(connection->endpoints);
    free(connection);
}

static struct ssh_connection *connection_new(const struct host *host, struct error *error)
{
    struct ssh_connection *connection = memory_new(1, sizeof *connection);
    pthread_condattr_t attributes;

    connection->host = host;
    pthread_mutex_init(&connection->lock, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&connection->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    connection->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (connection->wake >= 0)
        return connection;
    error_system(error, ERROR_INTERNAL, "can't make an event descriptor");
    connection_free(connection);
    return NULL;
}

/* --- the host's shell --- */

/* Runs argv to its end; the outputs are small. */
static int run_probe(struct ssh_connection *connection, const char *const argv[], int64_t deadline,
                     struct text *output, struct text *errors, struct error *error)
{
    void *channel;
    int exit_status = 0;
    int result;

    if (ssh_command_start(connection, argv, deadline, &channel, error) < 0)
        return -1;
    ssh_command_end_input(connection, channel);
    for (;;) {
        size_t nothing = 0;

        result = ssh_command_exchange(connection, channel, NULL, &nothing, output, errors,
                                      &exit_status, error);
        if (result != 0)
            break;
        if (clock_now() >= deadline || output->length + errors->length > MOST_PROBE_OUTPUT) {
            result = error_set(error, ERROR_UNREACHABLE,
                               "the log-in shell of user '%s' on %s did not run a command in time",
                               connection->host->access.user, connection->host->access.address);
            break;
        }
        ssh_command_wait(connection, channel, deadline, NULL);
    }
    ssh_command_end(connection, channel);
    return result < 0 ? -1 : exit_status;
}

static int shell_error(struct ssh_connection *connection, int exit_status,
                       const struct text *output, const struct text *errors, struct error *error)
{
    const struct host_access *access = &connection->host->access;
    struct text quoted = {0};

    access_quote(&quoted, errors->length > 0 ? errors : output);
    if (strstr(text_string(output), DIFFICULT_WORD) != NULL) {
        error_set(error, ERROR_UNREACHABLE,
                  "the log-in shell of user '%s' on %s prints text of its own beside a command's",
                  access->user, access->address);
        error_hint(error, "let the shell's start-up file print only where a terminal is there");
    } else {
        error_set(error, ERROR_UNREACHABLE,
                  "the log-in shell of user '%s' on %s does not run commands as a POSIX shell: "
                  "status %d, '%s'",
                  access->user, access->address, exit_status, text_string(&quoted));
        error_hint(error, "give the user /bin/sh or another POSIX shell on the host");
    }
    text_free(&quoted);
    return -1;
}

/* Cuts off the zone of a link-local address, an interface of the host; false if it is no address.
 */
static bool take_address(char *text)
{
    unsigned char address[16];

    text[strcspn(text, "%")] = '\0';
    return inet_pton(strchr(text, ':') != NULL ? AF_INET6 : AF_INET, text, address) == 1;
}

/* Takes 'address port address port' out of what the host sent; false if it is not that. */
static bool take_endpoints(struct ssh_connection *connection, const char *line)
{
    char runner[64];
    char host[64];
    unsigned runner_port;
    unsigned host_port;

    if (sscanf(line, "%63s %5u %63s %5u", runner, &runner_port, host, &host_port) != 4)
        return false;
    if (!take_address(runner) || !take_address(host) || runner_port > 65535 || host_port > 65535)
        return false;
    connection->endpoints = memory_format("%s %u %s %u", runner, runner_port, host, host_port);
    return true;
}

/* Sees that the user's shell runs commands with quoted words, and how the host sees us. */
static int prove_shell(struct ssh_connection *connection, int64_t deadline, struct error *error)
{
    static const char *const argv[] = {
        "sh", "-c", "printf '%s\\n%s\\n' \"$1\" \"$SSH_CONNECTION\"", "sh", DIFFICULT_WORD, NULL};
    struct text output = {0};
    struct text errors = {0};
    int status = run_probe(connection, argv, deadline, &output, &errors, error);
    int result = status < 0 ? -1 : 0;

    if (result == 0 &&
        (status != 0 || !string_starts_with(text_string(&output), DIFFICULT_WORD "\n")))
        result = shell_error(connection, status, &output, &errors, error);
    if (result == 0 &&
        !take_endpoints(connection, text_string(&output) + strlen(DIFFICULT_WORD "\n"))) {
        result = error_set(error, ERROR_UNREACHABLE,
                           "the SSH server of %s does not set SSH_CONNECTION, so the connection "
                           "can't be kept out of network faults",
                           connection->host->access.address);
        error_hint(error, "use an SSH server that does, such as OpenSSH");
    }
    text_free(&output);
    text_free(&errors);
    return result;
}

/* --- functions of the method --- */

/* A socket that leads to the host, directly or by its jump host. The time until that is reached
 * is bounded by its own timeout. */
static int reach(struct ssh_connection *connection, int64_t *deadline, int *descriptor,
                 struct error *error)
{
    const struct host *host = connection->host;

    if (host->access.jump != NULL && ssh_jump_take(host->access.jump, &connection->jump, error) < 0)
        return -1;
    *deadline = clock_now() + host->access.timeout;
    if (connection->jump != NULL)
        return ssh_jump_connect(connection->jump, &host->access, *deadline, descriptor, error);
    return ssh_socket_connect(host, *deadline, descriptor, error);
}

static int open_connection(const struct host *host, void **connection, struct error *error)
{
    struct ssh_connection *made;
    int64_t deadline;
    int descriptor;

    pthread_once(&initialised, initialise);
    made = connection_new(host, error);
    if (made == NULL)
        return -1;
    if (reach(made, &deadline, &descriptor, error) < 0 ||
        ssh_login(host, descriptor, deadline, &made->session, &made->news, error) < 0) {
        connection_free(made);
        return -1;
    }
    made->pump = ssh_channel_new(made->session);
    ssh_set_counters(made->session, &made->received, NULL);
    if (made->pump == NULL || prove_shell(made, deadline, error) < 0) {
        connection_free(made);
        return -1;
    }
    *connection = made;
    return 0;
}

static void abandon_connection(void *connection_pointer)
{
    struct ssh_connection *connection = connection_pointer;

    pthread_mutex_lock(&connection->lock);
    ssh_connection_lose(connection, "given up by the runner");
    pthread_mutex_unlock(&connection->lock);
}

static bool is_lost(void *connection_pointer)
{
    struct ssh_connection *connection = connection_pointer;
    bool lost;

    pthread_mutex_lock(&connection->lock);
    lost = connection->lost;
    pthread_mutex_unlock(&connection->lock);
    return lost;
}

static void close_connection(void *connection)
{
    connection_free(connection);
}

static int write_endpoints(void *connection_pointer, struct text *text, struct error *error)
{
    struct ssh_connection *connection = connection_pointer;

    (void)error;
    text_append(text, connection->endpoints);
    return 0;
}

static void describe(void *connection_pointer, struct text *text)
{
    struct ssh_connection *connection = connection_pointer;

    text_appendf(text, "connection %s", connection->endpoints);
    ssh_jump_describe(connection->jump, text);
    text_append(text, text_string(&connection->news));
}

const struct access_method access_ssh = {
    .name = "ssh",
    .open = open_connection,
    .abandon = abandon_connection,
    .is_lost = is_lost,
    .close = close_connection,
    .start = ssh_command_start,
    .exchange = ssh_command_exchange,
    .end_input = ssh_command_end_input,
    .wait = ssh_command_wait,
    .end = ssh_command_end,
    .endpoints = write_endpoints,
    .describe = describe,
};
