/* Commands over an access: run to the end, or as a stream that goes on. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/access.h"
#include "runner/access_methods.h"
#include "runner/access_sudo.h"
#include "runner/host_secrets.h"

#define MEGABYTE ((size_t)1024 * 1024)
#define MOST_OUTPUT (16 * MEGABYTE)

struct access_stream {
    struct access_link *link;
    void *channel;
    char *command;      /* argv[0], for errors */
    struct text output; /* came while something was written; not yet read by the caller */
    struct text errors;
    bool ended;
    int exit_status;
};

static int64_t timeout_of(const struct host *host, int64_t timeout)
{
    return timeout > 0 ? timeout : host->access.timeout;
}

static int late_error(const struct access_stream *stream, int64_t timeout, struct error *error)
{
    char duration[32];

    clock_format_duration(timeout, duration, sizeof duration);
    error_set(error, ERROR_UNREACHABLE, "'%s' did not end within %s", stream->command, duration);
    return error_target(error, stream->link->host->name);
}

/* One exchange, with the outputs kept under their bound. */
static int exchange(struct access_stream *stream, const char *input, size_t *length,
                    struct text *output, struct text *errors, struct error *error)
{
    int result;

    if (stream->ended)
        return 0;
    result = stream->link->method->exchange(stream->link->connection, stream->channel, input,
                                            length, output, errors, &stream->exit_status, error);
    if (result < 0)
        return -1;
    stream->ended = result > 0;
    if (output->length > MOST_OUTPUT || errors->length > MOST_OUTPUT) {
        error_set(error, ERROR_UNREACHABLE, "'%s' printed more than %zu MB", stream->command,
                  MOST_OUTPUT / MEGABYTE);
        return error_target(error, stream->link->host->name);
    }
    return 0;
}

/* --- streams --- */

/* Answers sudo until the command itself runs, or is over. */
static int pass_sudo(struct access_stream *stream, int64_t deadline, struct error *error)
{
    const struct access_method *method = stream->link->method;
    const struct host *host = stream->link->host;
    size_t answered = 0;

    for (;;) {
        const struct secret *password = &host->access.secrets->sudo_password;
        size_t length = 0;
        enum sudo_state state;

        if (exchange(stream, NULL, &length, &stream->output, &stream->errors, error) < 0)
            return -1;
        state = access_sudo_look(&stream->errors, answered);
        if (state == SUDO_THROUGH || stream->ended) {
            access_sudo_clean(&stream->errors);
            return 0;
        }
        if (state == SUDO_ASKS && answered > 0)
            return access_sudo_wrong(host, error);
        if (state == SUDO_ASKS) {
            if (access_stream_write(stream, password->bytes, password->length, error) < 0)
                return -1;
            answered++;
        } else if (clock_now() >= deadline) {
            error_set(error, ERROR_UNREACHABLE, "sudo did not start '%s' in time", stream->command);
            return error_target(error, host->name);
        } else {
            method->wait(stream->link->connection, stream->channel, deadline, NULL);
        }
    }
}

/* Starts argv on the host that the link leads to; takes over the caller's use of the link. */
static struct access_stream *start_over(struct access_link *link, const char *const argv[],
                                        int64_t deadline, struct error *error)
{
    struct access_stream *stream = memory_new(1, sizeof *stream);
    const char **vector;
    int result;

    stream->link = link;
    stream->command = memory_string(argv[0]);
    vector = access_sudo_vector(link->host, argv);
    result = link->method->start(link->connection, vector, deadline, &stream->channel, error);
    free(vector);
    if (result == 0 && access_sudo_talks(link->host))
        result = pass_sudo(stream, deadline, error);
    if (result == 0)
        return stream;
    error_target(error, link->host->name);
    access_stream_end(stream);
    return NULL;
}

static struct access_stream *start(struct access *access, const char *const argv[],
                                   int64_t deadline, struct error *error)
{
    struct access_link *link = access_link_take(access, error);
    struct access_stream *stream;
    const char **words;
    size_t count = 0;

    if (link == NULL)
        return NULL;
    if (link->method->within == NULL)
        return start_over(link, argv, deadline, error);
    while (argv[count] != NULL)
        count++;
    words = memory_new(count + ACCESS_MOST_WORDS + 1, sizeof *words);
    words[link->method->within(link->connection, argv, words)] = NULL;
    stream = start_over(link, words, deadline, error);
    free(words);
    if (stream != NULL) {
        free(stream->command);
        stream->command = memory_string(argv[0]);
    }
    return stream;
}

int access_start(struct access *access, const char *const argv[], struct access_stream **stream,
                 struct error *error)
{
    *stream = start(access, argv, clock_now() + timeout_of(access_host(access), 0), error);
    return *stream == NULL ? -1 : 0;
}

/* Moves what came during a write over to the caller. */
static void hand_over(struct text *held, struct text *text)
{
    text_append_bytes(text, text_string(held), held->length);
    text_clear(held);
}

int access_stream_read(struct access_stream *stream, int64_t timeout, struct stop *stop,
                       struct text *output, struct text *errors, bool *ended, int *exit_status,
                       struct error *error)
{
    int64_t deadline = clock_now() + timeout;
    size_t before = output->length + errors->length;

    *ended = false;
    hand_over(&stream->output, output);
    hand_over(&stream->errors, errors);
    for (;;) {
        size_t nothing = 0;

        if (exchange(stream, NULL, &nothing, output, errors, error) < 0)
            return -1;
        if (stream->ended || output->length + errors->length > before || clock_now() >= deadline ||
            (stop != NULL && stop_reason(stop) != 0))
            break;
        stream->link->method->wait(stream->link->connection, stream->channel, deadline, stop);
    }
    *ended = stream->ended;
    if (stream->ended)
        *exit_status = stream->exit_status;
    return 0;
}

int access_stream_write(struct access_stream *stream, const char *bytes, size_t length,
                        struct error *error)
{
    int64_t timeout = timeout_of(stream->link->host, 0);
    int64_t deadline = clock_now() + timeout;

    for (;;) {
        size_t taken = length;

        if (exchange(stream, bytes, &taken, &stream->output, &stream->errors, error) < 0)
            return -1;
        bytes += taken;
        length -= taken;
        if (length == 0)
            return 0;
        if (stream->ended) {
            error_set(error, ERROR_UNREACHABLE, "'%s' ended before it had read its input",
                      stream->command);
            return error_target(error, stream->link->host->name);
        }
        if (clock_now() >= deadline) {
            error_set(error, ERROR_UNREACHABLE, "'%s' does not read its input", stream->command);
            return error_target(error, stream->link->host->name);
        }
        stream->link->method->wait(stream->link->connection, stream->channel, deadline, NULL);
    }
}

void access_stream_end(struct access_stream *stream)
{
    if (stream == NULL)
        return;
    if (stream->channel != NULL)
        stream->link->method->end(stream->link->connection, stream->channel);
    access_link_release(stream->link);
    text_free(&stream->output);
    text_free(&stream->errors);
    free(stream->command);
    free(stream);
}

/* --- commands --- */

/* Feeds the input and collects the outputs until the command is over. */
static int converse(struct access_stream *stream, const char *input, size_t length,
                    int64_t deadline, int64_t timeout, struct command_result *result,
                    struct error *error)
{
    const struct access_method *method = stream->link->method;
    bool feeding = true;

    for (;;) {
        size_t taken = length;

        if (exchange(stream, input, &taken, &result->output, &result->errors, error) < 0)
            return -1;
        if (stream->ended)
            return 0;
        length -= taken;
        input = length > 0 ? input + taken : NULL;
        if (feeding && length == 0) {
            method->end_input(stream->link->connection, stream->channel);
            feeding = false;
            continue;
        }
        if (clock_now() >= deadline)
            return late_error(stream, timeout, error);
        method->wait(stream->link->connection, stream->channel, deadline, NULL);
    }
}

/* Runs the command, which has just been started, to its end. */
static int finish(struct access_stream *stream, const char *input, size_t length, int64_t deadline,
                  int64_t timeout, struct command_result *result, struct error *error)
{
    int outcome;

    hand_over(&stream->output, &result->output);
    hand_over(&stream->errors, &result->errors);
    outcome = converse(stream, input, length, deadline, timeout, result, error);
    result->exit_status = stream->exit_status;
    access_stream_end(stream);
    if (outcome < 0)
        command_result_free(result);
    return outcome;
}

int access_run(struct access *access, const char *const argv[], const char *input,
               size_t input_length, int64_t timeout, struct command_result *result,
               struct error *error)
{
    struct access_stream *stream;
    int64_t deadline;

    memset(result, 0, sizeof *result);
    timeout = timeout_of(access_host(access), timeout);
    deadline = clock_now() + timeout;
    stream = start(access, argv, deadline, error);
    if (stream == NULL)
        return -1;
    return finish(stream, input, input == NULL ? 0 : input_length, deadline, timeout, result,
                  error);
}

int access_link_run(struct access_link *link, const char *const argv[], int64_t timeout,
                    struct command_result *result, struct error *error)
{
    struct access_stream *stream;
    int64_t deadline;

    memset(result, 0, sizeof *result);
    timeout = timeout_of(link->host, timeout);
    deadline = clock_now() + timeout;
    access_link_keep(link);
    stream = start_over(link, argv, deadline, error);
    if (stream == NULL)
        return -1;
    return finish(stream, NULL, 0, deadline, timeout, result, error);
}

/* The error for a command that ended with a status other than 0. */
static int status_error(const struct host *host, const char *const argv[],
                        const struct command_result *result, struct error *error)
{
    struct text command = {0};
    struct text quoted = {0};

    for (size_t i = 0; argv[i] != NULL; i++)
        text_appendf(&command, i > 0 ? " %s" : "%s", argv[i]);
    access_quote(&quoted, &command);
    text_appendf(&quoted, "' ended with status %d: ", result->exit_status);
    access_quote(&quoted, result->errors.length > 0 ? &result->errors : &result->output);
    error_set(error, ERROR_UNREACHABLE, "'%s", text_string(&quoted));
    text_free(&command);
    text_free(&quoted);
    return error_target(error, host->name);
}

int access_check(struct access *access, const char *const argv[], int64_t timeout,
                 struct error *error)
{
    struct command_result result;
    int outcome = 0;

    if (access_run(access, argv, NULL, 0, timeout, &result, error) < 0)
        return -1;
    if (result.exit_status != 0)
        outcome = status_error(access_host(access), argv, &result, error);
    command_result_free(&result);
    return outcome;
}

void command_result_free(struct command_result *result)
{
    text_free(&result->output);
    text_free(&result->errors);
}

/* The length is compared before the rename: a connection that is cut off ends the input, too. */
static const char put_script[] =
    "umask 077; temporary=$1.vnfault-$$\n"
    "trap 'rm -f -- \"$temporary\"' EXIT\n"
    "[ ! -d \"$1\" ] || { echo \"$1 is a folder\" >&2; exit 1; }\n"
    "cat >\"$temporary\" || exit 1\n"
    "length=$(wc -c <\"$temporary\") || exit 1\n"
    "[ \"$length\" -eq \"$3\" ] || { echo \"got $length of $3 bytes\" >&2; exit 1; }\n"
    "chmod \"$2\" -- \"$temporary\" && mv -f -- \"$temporary\" \"$1\"\n";

int access_put_file(struct access *access, const char *path, const char *bytes, size_t length,
                    unsigned mode, struct error *error)
{
    char *mode_text = memory_format("%04o", mode & 07777);
    char *length_text = memory_format("%zu", length);
    const char *const argv[] = {"sh", "-c", put_script, "sh", path, mode_text, length_text, NULL};
    struct command_result result;
    struct text quoted = {0};
    int outcome = access_run(access, argv, bytes, length, 0, &result, error);

    if (outcome == 0) {
        if (result.exit_status != 0) {
            access_quote(&quoted, &result.errors);
            error_set(error, ERROR_UNREACHABLE, "can't write %s: %s", path, text_string(&quoted));
            outcome = error_target(error, access_host(access)->name);
        }
        command_result_free(&result);
    }
    text_free(&quoted);
    free(mode_text);
    free(length_text);
    return outcome;
}
