/* Actions of access_probe that take one thing after the other. */
#include <dirent.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "tests/integration/access_probe.h"

int run_command(struct access *access, char **words, struct error *error)
{
    struct command_result result;

    if (access_run(access, (const char *const *)words, NULL, 0, 0, &result, error) < 0)
        return fail_with(error);
    fwrite(text_string(&result.output), 1, result.output.length, stdout);
    fwrite(text_string(&result.errors), 1, result.errors.length, stderr);
    printf("status %d\n", result.exit_status);
    command_result_free(&result);
    return 0;
}

int run_check(struct access *access, char **words, struct error *error)
{
    if (access_check(access, (const char *const *)words, 0, error) < 0)
        return fail_with(error);
    puts("good");
    return 0;
}

/* Sends that many bytes of every value through 'cat' on the host and compares. */
int run_echo(struct access *access, char **words, struct error *error)
{
    static const char *const argv[] = {"cat", NULL};
    size_t length = strtoul(words[0], NULL, 10);
    char *bytes = memory_new(length + 1, 1);
    struct command_result result;
    int outcome = 0;

    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(i * 2654435761U >> 13);
    if (access_run(access, argv, bytes, length, 0, &result, error) < 0) {
        free(bytes);
        return fail_with(error);
    }
    if (result.exit_status != 0 || result.output.length != length ||
        memcmp(text_string(&result.output), bytes, length) != 0)
        outcome = fail("came back different");
    else
        puts("same");
    command_result_free(&result);
    free(bytes);
    return outcome;
}

/* BYTES COMMAND ...: feeds that many bytes to a command, which need not read them. */
int run_feed(struct access *access, char **words, struct error *error)
{
    size_t length = strtoul(words[0], NULL, 10);
    char *bytes = memory_new(length + 1, 1);
    struct command_result result;
    int outcome =
        access_run(access, (const char *const *)words + 1, bytes, length, 0, &result, error);

    free(bytes);
    if (outcome < 0)
        return fail_with(error);
    printf("status %d\n", result.exit_status);
    command_result_free(&result);
    return 0;
}

/* TEXT COMMAND ...: feeds the text to the command. */
int run_pipe(struct access *access, char **words, struct error *error)
{
    struct command_result result;

    if (access_run(access, (const char *const *)words + 1, words[0], strlen(words[0]), 0, &result,
                   error) < 0)
        return fail_with(error);
    printf("%sstatus %d\n", text_string(&result.output), result.exit_status);
    command_result_free(&result);
    return 0;
}

/* Runs 'true', waits for a line on standard input, runs it, reopens, runs it again. */
int run_reopen(struct access *access, char **words, struct error *error)
{
    static const char *const argv[] = {"true", NULL};
    char line[16];

    (void)words;
    if (access_check(access, argv, 0, error) < 0)
        return fail_with(error);
    puts("ready");
    fflush(stdout);
    if (fgets(line, sizeof line, stdin) == NULL)
        return fail("no line");
    if (access_check(access, argv, 0, error) == 0)
        return fail("the connection is still there");
    error_print(error, stderr);
    error_clear(error);
    if (access_reopen(access, error) < 0 || access_check(access, argv, 0, error) < 0)
        return fail_with(error);
    puts("reopened");
    return 0;
}

/* A command that goes on, written to and read from line by line. */
int run_stream(struct access *access, char **words, struct error *error)
{
    static const char *const argv[] = {"sh", "-c",
                                       "while read -r l; do echo \"<$l>\"; done; exit 3", NULL};
    struct access_stream *stream;
    struct text text = {0};
    struct text errors = {0};
    bool ended = false;
    int status = -1;
    int outcome = 0;

    (void)words;
    if (access_start(access, argv, &stream, error) < 0)
        return fail_with(error);
    for (int i = 0; i < 3 && outcome == 0; i++) {
        if (access_stream_write(stream, "ping\n", 5, error) < 0)
            outcome = fail_with(error);
        text_clear(&text);
        while (outcome == 0 && strchr(text_string(&text), '\n') == NULL) {
            if (access_stream_read(stream, CLOCK_SECOND, NULL, &text, &errors, &ended, &status,
                                   error) < 0)
                outcome = fail_with(error);
        }
        fputs(text_string(&text), stdout);
    }
    text_free(&text);
    text_free(&errors);
    access_stream_end(stream);
    return outcome;
}

/* PATH MODE: writes standard input into the file on the host. */
int run_put(struct access *access, char **words, struct error *error)
{
    struct text text = {0};
    char buffer[4096];
    size_t count;
    int result;

    while ((count = fread(buffer, 1, sizeof buffer, stdin)) > 0)
        text_append_bytes(&text, buffer, count);
    result = access_put_file(access, words[0], text_string(&text), text.length,
                             (unsigned)strtoul(words[1], NULL, 8), error);
    text_free(&text);
    return result < 0 ? fail_with(error) : 0;
}

int run_endpoints(struct access *access, char **words, struct error *error)
{
    struct text text = {0};

    (void)words;
    if (access_endpoints(access, &text, error) < 0)
        return fail_with(error);
    puts(text_string(&text));
    text_free(&text);
    return 0;
}

int run_describe(struct access *access, char **words, struct error *error)
{
    struct text text = {0};

    (void)words;
    if (access_describe(access, &text, error) < 0)
        return fail_with(error);
    puts(text_string(&text));
    text_free(&text);
    return 0;
}

/* [SHIFT ns]: measures the clock; the offset must be the shift within its bound. */
int run_clock(struct access *access, char **words, struct error *error)
{
    int64_t shift = words[0] == NULL ? 0 : strtoll(words[0], NULL, 10);
    int64_t offset;
    int64_t bound;

    if (access_clock_offset(access, &offset, &bound, error) < 0)
        return fail_with(error);
    printf("offset %" PRId64 " bound %" PRId64 "\n", offset, bound);
    if (bound <= 0 || llabs(offset - shift) > bound)
        return fail("the offset is wrong");
    return 0;
}

/* Opens and closes it again and again: no descriptor may be left. */
static size_t count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    size_t count = 0;

    while (folder != NULL && readdir(folder) != NULL)
        count++;
    if (folder != NULL)
        closedir(folder);
    return count;
}

int run_descriptors(struct access *access, char **words, struct error *error)
{
    size_t before;

    (void)words;
    if (access_reopen(access, error) < 0)
        return fail_with(error);
    before = count_descriptors();
    for (int i = 0; i < 5; i++) {
        if (access_reopen(access, error) < 0)
            return fail_with(error);
    }
    if (count_descriptors() != before)
        return fail("descriptors are left open");
    puts("none left");
    return 0;
}
