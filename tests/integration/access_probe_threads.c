/* Actions of access_probe that do several things at once. */
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "tests/integration/access_probe.h"

struct worker {
    struct access *access;
    pthread_t thread;
    int number;
    int commands;
    const char *script; /* of sh -c; prints its arguments */
    const char *failure;
    struct error error;
    int64_t ended;
};

static void *work(void *argument)
{
    struct worker *worker = argument;

    for (int i = 0; i < worker->commands && worker->failure == NULL; i++) {
        char word[32];
        const char *argv[] = {"sh", "-c", worker->script, "sh", word, NULL};
        struct command_result result;

        snprintf(word, sizeof word, "%d-%d\n", worker->number, i);
        if (access_run(worker->access, argv, word, strlen(word), 0, &result, &worker->error) < 0) {
            worker->failure = worker->error.what;
            break;
        }
        if (result.exit_status != 7 || strcmp(text_string(&result.output), word) != 0 ||
            strcmp(text_string(&result.errors), word) != 0)
            worker->failure = "wrong output or status";
        command_result_free(&result);
    }
    worker->ended = clock_now();
    return NULL;
}

static int run_workers(struct worker *workers, size_t count)
{
    int outcome = 0;

    for (size_t i = 0; i < count; i++)
        pthread_create(&workers[i].thread, NULL, work, &workers[i]);
    for (size_t i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        if (workers[i].failure != NULL)
            outcome = fail(workers[i].failure);
    }
    return outcome;
}

/* THREADS COMMANDS [SCRIPT]: each thread runs that many commands; all come back right. */
int run_threads(struct access *access, char **words, struct error *error)
{
    size_t count = strtoul(words[0], NULL, 10);
    struct worker *workers = memory_new(count, sizeof *workers);
    int outcome;

    (void)error;
    for (size_t i = 0; i < count; i++) {
        workers[i].access = access;
        workers[i].number = (int)i;
        workers[i].commands = atoi(words[1]);
        workers[i].script = words[2] != NULL ? words[2] : "tee /dev/stderr; exit 7";
    }
    outcome = run_workers(workers, count);
    free(workers);
    if (outcome == 0)
        puts("all right");
    return outcome;
}

/* A slow command beside quick ones: the quick ones must all end before it. */
int run_beside(struct access *access, char **words, struct error *error)
{
    struct worker workers[2] = {
        {.access = access,
         .number = 1,
         .commands = 1,
         .script = "sleep 4; tee /dev/stderr; exit 7"},
        {.access = access, .number = 2, .commands = 10, .script = "tee /dev/stderr; exit 7"}};

    (void)words;
    (void)error;
    if (run_workers(workers, 2) != 0)
        return 1;
    if (workers[1].ended >= workers[0].ended)
        return fail("the slow command held up the quick ones");
    puts("beside each other");
    return 0;
}

/* THREADS COMMAND ...: all run it at once and report how it ended. Says 'started' first. */
int run_pending(struct access *access, char **words, struct error *error)
{
    size_t count = strtoul(words[0], NULL, 10);
    struct access_stream **streams = memory_new(count, sizeof *streams);
    struct text text = {0};
    size_t started = 0;
    size_t lost = 0;
    bool ended = false;
    int status = 0;
    int64_t start;

    while (started < count &&
           access_start(access, (const char *const *)words + 1, &streams[started], error) == 0)
        started++;
    puts("started");
    fflush(stdout);
    start = clock_now();
    for (size_t i = 0; i < started; i++) {
        if (started == count &&
            access_stream_read(streams[i], 20 * CLOCK_SECOND, NULL, &text, &text, &ended, &status,
                               error) < 0 &&
            error->kind == ERROR_UNREACHABLE)
            lost++;
        access_stream_end(streams[i]);
    }
    printf("lost %zu after %" PRId64 " ms\n", lost, (clock_now() - start) / CLOCK_MILLISECOND);
    free(streams);
    text_free(&text);
    return lost == count ? 0 : fail_with(error);
}

/* A stop ends the wait for output at once. */
static void *request_stop(void *argument)
{
    usleep(200000);
    stop_request(argument, SIGINT);
    return NULL;
}

int run_stop(struct access *access, char **words, struct error *error)
{
    static const char *const argv[] = {"sleep", "1000", NULL};
    struct access_stream *stream;
    struct text text = {0};
    struct stop stop;
    pthread_t thread;
    bool ended = false;
    int status;

    (void)words;
    if (stop_open(&stop, error) < 0 || access_start(access, argv, &stream, error) < 0)
        return fail_with(error);
    pthread_create(&thread, NULL, request_stop, &stop);
    if (access_stream_read(stream, 600 * CLOCK_SECOND, &stop, &text, &text, &ended, &status,
                           error) < 0)
        return fail_with(error);
    pthread_join(thread, NULL);
    access_stream_end(stream);
    stop_close(&stop);
    text_free(&text);
    puts(ended ? "ended" : "stopped");
    return 0;
}

/* COUNT COMMAND ...: that many connections of their own at once, each of which runs the command. */
static void *open_another(void *argument)
{
    struct worker *worker = argument;

    if (access_open(&probed_host, &worker->access, &worker->error) < 0)
        worker->failure = worker->error.what;
    return NULL;
}

int run_crowd(struct access *access, char **words, struct error *error)
{
    size_t count = strtoul(words[0], NULL, 10);
    struct worker *workers = memory_new(count, sizeof *workers);
    int outcome = 0;

    (void)access;
    for (size_t i = 0; i < count; i++)
        pthread_create(&workers[i].thread, NULL, open_another, &workers[i]);
    for (size_t i = 0; i < count; i++)
        pthread_join(workers[i].thread, NULL);
    for (size_t i = 0; i < count && outcome == 0; i++) {
        if (workers[i].failure != NULL)
            outcome = fail(workers[i].failure);
        else if (access_check(workers[i].access, (const char *const *)words + 1, 0, error) < 0)
            outcome = fail_with(error);
    }
    for (size_t i = 0; i < count; i++)
        access_close(workers[i].access);
    free(workers);
    if (outcome == 0)
        puts("all right");
    return outcome;
}
