#include "runner/dialogue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/access_methods.h"

enum { MOST_ERRORS = 4096 };

/* A command that owes an answer for so long is started anew: not sooner, as each leaves one behind
 * if the host itself hangs. */
#define PATIENCE (20 * CLOCK_SECOND)

struct dialogue {
    struct access *access;
    const char *name;
    const char *const *argv;
    size_t most;
    struct access_stream *stream; /* NULL while the command doesn't run */
    unsigned long serial;         /* of the last mark */
    bool owes;                    /* the answer to it has not come */
    size_t looked;                /* so much of the output has no mark in it */
    struct text request;
    struct dialogue_answer answer;
};

struct dialogue *dialogue_new(struct access *access, const char *name, const char *const argv[],
                              size_t most)
{
    struct dialogue *dialogue = memory_new(1, sizeof *dialogue);

    dialogue->access = access;
    dialogue->name = name;
    dialogue->argv = argv;
    dialogue->most = most;
    return dialogue;
}

static void hang_up(struct dialogue *dialogue)
{
    access_stream_end(dialogue->stream);
    dialogue->stream = NULL;
    dialogue->owes = false;
}

void dialogue_free(struct dialogue *dialogue)
{
    if (dialogue == NULL)
        return;
    hang_up(dialogue);
    text_free(&dialogue->request);
    text_free(&dialogue->answer.output);
    text_free(&dialogue->answer.errors);
    free(dialogue);
}

static void format_mark(const struct dialogue *dialogue, char *mark, size_t size)
{
    snprintf(mark, size, "vnfault-mark-%lu.", dialogue->serial);
}

/* Cuts the output at the line that begins with the mark; true if it has come. Something may follow
 * it: a program's prompt. */
static bool take_mark(struct dialogue *dialogue)
{
    struct text *output = &dialogue->answer.output;
    char mark[48];

    format_mark(dialogue, mark, sizeof mark);
    while (output->length - dialogue->looked >= strlen(mark)) {
        char *line = output->bytes + dialogue->looked;
        char *end;

        if (memcmp(line, mark, strlen(mark)) == 0) {
            *line = '\0';
            output->length = dialogue->looked;
            return true;
        }
        end = memchr(line, '\n', output->length - dialogue->looked);
        if (end == NULL)
            return false;
        dialogue->looked += (size_t)(end - line) + 1;
    }
    return false;
}

static int ended_error(const struct dialogue *dialogue, int exit_status, struct error *error)
{
    struct text quoted = {0};

    access_quote(&quoted, dialogue->answer.errors.length > 0 ? &dialogue->answer.errors
                                                             : &dialogue->answer.output);
    error_set(error, ERROR_UNREACHABLE, "'%s' ended with status %d%s%s", dialogue->name,
              exit_status, quoted.length > 0 ? ": " : "", text_string(&quoted));
    text_free(&quoted);
    return -1;
}

static int late_error(struct dialogue *dialogue, struct error *error)
{
    int64_t since = clock_now() - dialogue->answer.from;
    char duration[32];

    clock_format_duration(since, duration, sizeof duration);
    if (since > PATIENCE)
        hang_up(dialogue);
    return error_set(error, ERROR_UNREACHABLE, "'%s' has not answered for %s", dialogue->name,
                     duration);
}

/* Reads until the mark. The stream is NULL afterwards if the command is of no use any more. */
static int receive(struct dialogue *dialogue, int64_t deadline, struct stop *stop,
                   struct error *error)
{
    struct dialogue_answer *answer = &dialogue->answer;

    while (!take_mark(dialogue)) {
        int64_t left = deadline - clock_now();
        bool ended;
        int exit_status;

        if (stop != NULL && stop_reason(stop) != 0)
            return stop_error(stop, error, "reading metrics");
        if (left <= 0)
            return late_error(dialogue, error);
        if (access_stream_read(dialogue->stream, left, stop, &answer->output, &answer->errors,
                               &ended, &exit_status, error) < 0) {
            hang_up(dialogue);
            return -1;
        }
        if (answer->errors.length > MOST_ERRORS) {
            answer->errors.length = MOST_ERRORS;
            answer->errors.bytes[MOST_ERRORS] = '\0';
        }
        if (ended && !take_mark(dialogue)) {
            hang_up(dialogue);
            return ended_error(dialogue, exit_status, error);
        }
        if (answer->output.length > dialogue->most) {
            hang_up(dialogue);
            return error_set(error, ERROR_UNREACHABLE, "'%s' printed more than %zu kB",
                             dialogue->name, dialogue->most / 1024);
        }
    }
    dialogue->owes = false;
    return 0;
}

static void clear_answer(struct dialogue *dialogue)
{
    text_clear(&dialogue->answer.output);
    text_clear(&dialogue->answer.errors);
    dialogue->looked = 0;
}

static int ask_once(struct dialogue *dialogue, const char *request, int64_t deadline,
                    struct stop *stop, struct error *error)
{
    char mark[48];

    if (dialogue->owes && receive(dialogue, deadline, stop, error) < 0)
        return -1;
    clear_answer(dialogue);
    dialogue->serial++;
    format_mark(dialogue, mark, sizeof mark);
    text_clear(&dialogue->request);
    text_appendf(&dialogue->request, "%s%s\n", request, mark);
    dialogue->answer.from = clock_now();
    dialogue->owes = true;
    if (access_stream_write(dialogue->stream, dialogue->request.bytes, dialogue->request.length,
                            error) < 0) {
        hang_up(dialogue);
        return -1;
    }
    return receive(dialogue, deadline, stop, error);
}

static int start(struct dialogue *dialogue, struct error *error)
{
    struct error again = {0};

    clear_answer(dialogue);
    if (access_start(dialogue->access, dialogue->argv, &dialogue->stream, error) == 0)
        return 0;
    if (!access_is_lost(dialogue->access) || access_restore(dialogue->access, &again) < 0 ||
        access_start(dialogue->access, dialogue->argv, &dialogue->stream, &again) < 0)
        return -1;
    error_clear(error);
    return 0;
}

int dialogue_ask(struct dialogue *dialogue, const char *request, int64_t deadline,
                 struct stop *stop, const struct dialogue_answer **answer, struct error *error)
{
    bool fresh = dialogue->stream == NULL;
    int result = fresh ? start(dialogue, error) : 0;

    if (result == 0)
        result = ask_once(dialogue, request, deadline, stop, error);
    /* One that ran before may have been lost meanwhile, by a reboot. */
    if (result < 0 && !fresh && dialogue->stream == NULL && clock_now() < deadline) {
        error_clear(error);
        result = start(dialogue, error);
        if (result == 0)
            result = ask_once(dialogue, request, deadline, stop, error);
    }
    dialogue->answer.until = clock_now();
    *answer = &dialogue->answer;
    return result == 0 ? 0 : error_target(error, access_host(dialogue->access)->name);
}
