#include "runner/access_ssh.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/memory.h"

#define MOST_READ (1024 * 1024)          /* of one output in one exchange */
#define MOST_WRITTEN ((size_t)32 * 1024) /* in one call of libssh */
#define LONGEST_LINE ((size_t)128 * 1024)
#define RETRY (20 * CLOCK_MILLISECOND)

/* --- exit status --- */

static void note_status(ssh_session session, ssh_channel channel, int status, void *context)
{
    struct ssh_command *command = context;

    (void)session;
    (void)channel;
    command->exit_status = status & 0xff;
}

/* The signals that RFC 4254, section 6.10, gives names to. */
static int signal_number(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } signals[] = {{"ABRT", SIGABRT}, {"ALRM", SIGALRM}, {"FPE", SIGFPE},   {"HUP", SIGHUP},
                   {"ILL", SIGILL},   {"INT", SIGINT},   {"KILL", SIGKILL}, {"PIPE", SIGPIPE},
                   {"QUIT", SIGQUIT}, {"SEGV", SIGSEGV}, {"TERM", SIGTERM}, {"USR1", SIGUSR1},
                   {"USR2", SIGUSR2}};

    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        if (strcmp(name, signals[i].name) == 0)
            return signals[i].number;
    }
    return 127;
}

static void note_signal(ssh_session session, ssh_channel channel, const char *name, int core,
                        const char *message, const char *language, void *context)
{
    struct ssh_command *command = context;

    (void)session;
    (void)channel;
    (void)core;
    (void)message;
    (void)language;
    command->exit_status = 128 + signal_number(name);
}

/* --- start --- */

/* The one line that the host's shell gets: every word quoted. */
static int make_line(const char *const argv[], struct text *line, struct error *error)
{
    text_append(line, "exec");
    for (size_t i = 0; argv[i] != NULL; i++) {
        text_append(line, " ");
        text_append_shell_word(line, argv[i]);
    }
    if (line->length <= LONGEST_LINE)
        return 0;
    return error_set(error, ERROR_INTERNAL, "a command line of %zu bytes is too long for SSH",
                     line->length);
}

static void drop_orphans(struct ssh_connection *connection)
{
    struct ssh_orphan **at = &connection->orphans;

    while (*at != NULL) {
        struct ssh_orphan *orphan = *at;

        /* Asking again for what is open already only tells whether it is. */
        if (ssh_channel_open_session(orphan->channel) == SSH_AGAIN) {
            at = &orphan->next;
            continue;
        }
        *at = orphan->next;
        ssh_channel_free(orphan->channel);
        free(orphan);
    }
}

static void add_orphan(struct ssh_connection *connection, ssh_channel channel)
{
    struct ssh_orphan *orphan = memory_new(1, sizeof *orphan);

    orphan->channel = channel;
    orphan->next = connection->orphans;
    connection->orphans = orphan;
}

static int late_error(struct ssh_connection *connection, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE, "%s port %d did not start a command in time",
              connection->host->access.address, connection->host->access.port);
    error_target(error, connection->host->name);
    return error_hint(error, "is the host overloaded or stopped?");
}

/* Asks the host for a session channel, once. Returns 1 if it has no room for one more. */
static int try_open(struct ssh_connection *connection, int64_t deadline, ssh_channel *channel,
                    struct error *error)
{
    ssh_channel made = ssh_channel_new(connection->session);
    int result;

    if (made == NULL)
        return error_set(error, ERROR_INTERNAL, "can't make an SSH channel");
    for (;;) {
        result = ssh_channel_open_session(made);
        ssh_connection_note(connection);
        if (result != SSH_AGAIN || connection->lost)
            break;
        if (!ssh_connection_wait(connection, connection->generation, deadline, NULL)) {
            add_orphan(connection, made);
            return late_error(connection, error);
        }
    }
    if (result == SSH_OK) {
        *channel = made;
        return 0;
    }
    if (!connection->lost && ssh_channel_poll(connection->pump, 0) == SSH_ERROR)
        ssh_connection_lose(connection, ssh_get_error(connection->session));
    ssh_channel_free(made);
    return connection->lost ? ssh_connection_lost_error(connection, error) : 1;
}

static int full_error(struct ssh_connection *connection, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE,
              "%s port %d takes no command beside the %zu that run over the connection",
              connection->host->access.address, connection->host->access.port,
              connection->channels - connection->queued);
    error_target(error, connection->host->name);
    return error_hint(error, "raise MaxSessions in the host's sshd_config");
}

/*
 * Opens a session channel. sshd takes only so many at a time (MaxSessions, 10 by default): from
 * the first refusal on threads queue, and one of them tries again until a channel is free.
 */
static int open_channel(struct ssh_connection *connection, int64_t deadline, ssh_channel *channel,
                        struct error *error)
{
    bool queued = false;
    bool trying = false;
    int result;

    for (;;) {
        if (queued && !trying && !connection->retried)
            trying = connection->retried = true;
        if (trying || connection->queued == 0) {
            drop_orphans(connection);
            result = try_open(connection, deadline, channel, error);
            if (result <= 0)
                break;
        }
        connection->queued += queued ? 0 : 1;
        queued = true;
        if (clock_now() >= deadline) {
            result = -1;
            break;
        }
        /* A session that has just ended is free a moment later, which nothing tells. */
        ssh_connection_wait(connection, connection->generation,
                            trying ? clock_now() + RETRY : deadline, NULL);
        if (connection->lost) {
            result = ssh_connection_lost_error(connection, error);
            break;
        }
    }
    if (result < 0 && queued && !connection->lost)
        full_error(connection, error);
    connection->queued -= queued ? 1 : 0;
    if (trying) {
        connection->retried = false;
        ssh_connection_wake_all(connection);
    }
    return result;
}

static int request_command(struct ssh_connection *connection, ssh_channel channel, const char *line,
                           int64_t deadline, struct error *error)
{
    int result;

    for (;;) {
        result = ssh_channel_request_exec(channel, line);
        ssh_connection_note(connection);
        if (result != SSH_AGAIN || connection->lost)
            break;
        if (!ssh_connection_wait(connection, connection->generation, deadline, NULL) &&
            clock_now() >= deadline)
            return late_error(connection, error);
    }
    if (connection->lost)
        return ssh_connection_lost_error(connection, error);
    if (result == SSH_OK)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "%s port %d refused to run a command",
              connection->host->access.address, connection->host->access.port);
    return error_hint(error, "may the user run commands, and is its shell there?");
}

/* With the lock held. */
static int start_locked(struct ssh_connection *connection, struct ssh_command *command,
                        const char *line, int64_t deadline, struct error *error)
{
    if (connection->lost)
        return ssh_connection_lost_error(connection, error);
    if (open_channel(connection, deadline, &command->channel, error) < 0)
        return -1;
    ssh_set_channel_callbacks(command->channel, &command->callbacks);
    return request_command(connection, command->channel, line, deadline, error);
}

int ssh_command_start(void *connection_pointer, const char *const argv[], int64_t deadline,
                      void **channel, struct error *error)
{
    struct ssh_connection *connection = connection_pointer;
    struct ssh_command *command;
    struct text line = {0};
    int result = make_line(argv, &line, error);

    if (result == 0) {
        command = memory_new(1, sizeof *command);
        command->exit_status = -1;
        command->callbacks.userdata = command;
        command->callbacks.channel_exit_status_function = note_status;
        command->callbacks.channel_exit_signal_function = note_signal;
        ssh_callbacks_init(&command->callbacks);
        pthread_mutex_lock(&connection->lock);
        connection->channels++;
        result = start_locked(connection, command, text_string(&line), deadline, error);
        pthread_mutex_unlock(&connection->lock);
        if (result < 0)
            ssh_command_end(connection, command);
        else
            *channel = command;
    }
    text_free(&line);
    return result;
}

/* --- exchange --- */

/* Appends what one output has, up to a bound; returns the number of bytes, or -1 if the connection
 * is broken. */
static int drain(struct ssh_command *command, int is_errors, struct text *text)
{
    char buffer[32 * 1024];
    int total = 0;

    while (total < MOST_READ) {
        int count =
            ssh_channel_read_nonblocking(command->channel, buffer, sizeof buffer, is_errors);

        if (count == SSH_ERROR && !ssh_channel_is_closed(command->channel))
            return -1;
        if (count <= 0)
            break;
        text_append_bytes(text, buffer, (size_t)count);
        total += count;
    }
    return total;
}

/* Hands on what the host takes of the input. A command that is over takes, and drops, it all. */
static ssize_t feed(struct ssh_command *command, const char *input, size_t length)
{
    size_t taken = 0;

    while (taken < length) {
        size_t chunk = length - taken < MOST_WRITTEN ? length - taken : MOST_WRITTEN;
        int count;

        if (ssh_channel_is_closed(command->channel) || command->exit_status >= 0)
            return (ssize_t)length;
        count = ssh_channel_write(command->channel, input + taken, (uint32_t)chunk);
        if (count == SSH_ERROR && !ssh_channel_is_closed(command->channel))
            return -1;
        if (count <= 0)
            break;
        taken += (size_t)count;
    }
    return (ssize_t)taken;
}

/*
 * Moves bytes until nothing more has come in meanwhile, but not so many that a command which
 * prints without end holds up the other threads.
 */
static int move(struct ssh_connection *connection, struct ssh_command *command, const char *input,
                size_t *input_length, struct text *output, struct text *errors)
{
    size_t taken = 0;
    int total = 0;

    do {
        int from_output = drain(command, 0, output);
        int from_errors = drain(command, 1, errors);
        ssize_t fed = feed(command, input + taken, *input_length - taken);

        if (from_output < 0 || from_errors < 0 || fed < 0)
            return -1;
        taken += (size_t)fed;
        total += from_output + from_errors;
        command->more = ssh_connection_note(connection) || from_output + from_errors > 0;
    } while (command->more && total < MOST_READ);
    *input_length = taken;
    return 0;
}

int ssh_command_exchange(void *connection_pointer, void *channel, const char *input,
                         size_t *input_length, struct text *output, struct text *errors,
                         int *exit_status, struct error *error)
{
    struct ssh_connection *connection = connection_pointer;
    struct ssh_command *command = channel;
    size_t length = *input_length;
    int result = 0;

    pthread_mutex_lock(&connection->lock);
    if (!connection->lost && move(connection, command, input, &length, output, errors) < 0)
        ssh_connection_lose(connection, ssh_get_error(connection->session));
    *input_length = connection->lost ? 0 : length;
    command->seen = connection->generation;
    if (connection->lost) {
        result = ssh_connection_lost_error(connection, error);
    } else if (!command->more && ssh_channel_is_eof(command->channel) &&
               command->exit_status >= 0) {
        *exit_status = command->exit_status;
        result = 1;
    } else if (!command->more && ssh_channel_is_closed(command->channel)) {
        error_set(error, ERROR_UNREACHABLE, "%s port %d ended a command without saying how",
                  connection->host->access.address, connection->host->access.port);
        result = error_target(error, connection->host->name);
    }
    pthread_mutex_unlock(&connection->lock);
    return result;
}

void ssh_command_end_input(void *connection_pointer, void *channel)
{
    struct ssh_connection *connection = connection_pointer;
    struct ssh_command *command = channel;

    pthread_mutex_lock(&connection->lock);
    /* A channel that is closed already has no input to end; a loss shows in the next exchange. */
    if (!connection->lost && !ssh_channel_is_closed(command->channel))
        (void)ssh_channel_send_eof(command->channel);
    ssh_connection_note(connection);
    pthread_mutex_unlock(&connection->lock);
}

void ssh_command_wait(void *connection_pointer, void *channel, int64_t deadline, struct stop *stop)
{
    struct ssh_connection *connection = connection_pointer;
    struct ssh_command *command = channel;

    if (command->more)
        return;
    pthread_mutex_lock(&connection->lock);
    ssh_connection_wait(connection, command->seen, deadline, stop);
    pthread_mutex_unlock(&connection->lock);
}

void ssh_command_end(void *connection_pointer, void *channel)
{
    struct ssh_connection *connection = connection_pointer;
    struct ssh_command *command = channel;

    pthread_mutex_lock(&connection->lock);
    connection->channels--;
    if (command->channel != NULL) {
        /* libssh keeps the channel until the host has closed it, too; not so the callbacks. */
        ssh_remove_channel_callbacks(command->channel, &command->callbacks);
        ssh_channel_free(command->channel);
    }
    ssh_connection_note(connection);
    ssh_connection_wake_all(connection);
    pthread_mutex_unlock(&connection->lock);
    free(command);
}
