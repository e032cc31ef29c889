/*
 * Drives runner/access.h for the tests with tests/hosts.sh.
 * usage: access_probe [NAME=VALUE ...] [jump [NAME=VALUE ...]] ACTION [ARG ...]
 * Names: address port user key certificate known_hosts network_namespace sudo timeout (ms) method
 * pod_namespace label container context accept passphrases and sudo_password (descriptors); 'jump'
 * begins those of a jump host, which has what was set before unless it is set anew. Prints what the
 * action found; an error goes to stderr and its exit status is vnfault's. ACCESS_LOG in the
 * environment is the log level, 'error' unless set.
 */
#include <dirent.h>
#include <inttypes.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "runner/access.h"
#include "runner/host_secrets.h"

static struct host host = {
    .name = "probed",
    .access = {.method = "ssh",
               .address = "127.0.0.1",
               .user = "root",
               .key = "",
               .certificate = "",
               .known_hosts = "",
               .network_namespace = "",
               .port = 22,
               .timeout = 10 * CLOCK_SECOND,
               .container = {"kubectl", "", "", "", ""},
               .cluster = {"", ""}},
};

/* Settings after 'jump' are of this one, by which the probed host is reached; those after a second
 * 'jump' of one by which the first is. */
static struct host jumps[2] = {
    {.kind = HOST_JUMP, .name = "gate", .role = "", .reboot = ""},
    {.kind = HOST_JUMP, .name = "outer", .role = "", .reboot = ""},
};
static struct host_access *described = &host.access;

static void begin_jump(void)
{
    struct host *jump = &jumps[described == &jumps[0].access];

    jump->access = *described;
    described->jump = jump;
    described = &jump->access;
}

static struct host_secrets secrets;

static int fail(const char *what)
{
    fprintf(stderr, "access_probe: %s\n", what);
    return 1;
}

static int fail_with(const struct error *error)
{
    error_print(error, stderr);
    return error_exit_status(error);
}

/* --- actions: each gets the open access and the words after its name --- */

static int run_command(struct access *access, char **words, struct error *error)
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

static int run_check(struct access *access, char **words, struct error *error)
{
    if (access_check(access, (const char *const *)words, 0, error) < 0)
        return fail_with(error);
    puts("good");
    return 0;
}

/* Sends that many bytes of every value through 'cat' on the host and compares. */
static int run_echo(struct access *access, char **words, struct error *error)
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
static int run_feed(struct access *access, char **words, struct error *error)
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
static int run_pipe(struct access *access, char **words, struct error *error)
{
    struct command_result result;

    if (access_run(access, (const char *const *)words + 1, words[0], strlen(words[0]), 0, &result,
                   error) < 0)
        return fail_with(error);
    printf("%sstatus %d\n", text_string(&result.output), result.exit_status);
    command_result_free(&result);
    return 0;
}

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
static int run_threads(struct access *access, char **words, struct error *error)
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
static int run_beside(struct access *access, char **words, struct error *error)
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
static int run_pending(struct access *access, char **words, struct error *error)
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

/* Runs 'true', waits for a line on standard input, runs it, reopens, runs it again. */
static int run_reopen(struct access *access, char **words, struct error *error)
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
static int run_stream(struct access *access, char **words, struct error *error)
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

/* A stop ends the wait for output at once. */
static void *request_stop(void *argument)
{
    usleep(200000);
    stop_request(argument, SIGINT);
    return NULL;
}

static int run_stop(struct access *access, char **words, struct error *error)
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

/* PATH MODE: writes standard input into the file on the host. */
static int run_put(struct access *access, char **words, struct error *error)
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

/* COUNT COMMAND ...: that many connections of their own at once, each of which runs the command. */
static void *open_another(void *argument)
{
    struct worker *worker = argument;

    if (access_open(&host, &worker->access, &worker->error) < 0)
        worker->failure = worker->error.what;
    return NULL;
}

static int run_crowd(struct access *access, char **words, struct error *error)
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

static int run_endpoints(struct access *access, char **words, struct error *error)
{
    struct text text = {0};

    (void)words;
    if (access_endpoints(access, &text, error) < 0)
        return fail_with(error);
    puts(text_string(&text));
    text_free(&text);
    return 0;
}

static int run_describe(struct access *access, char **words, struct error *error)
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
static int run_clock(struct access *access, char **words, struct error *error)
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

static int run_descriptors(struct access *access, char **words, struct error *error)
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

static const struct {
    const char *name;
    int (*run)(struct access *access, char **words, struct error *error);
} actions[] = {
    {"feed", run_feed},           {"pipe", run_pipe},       {"run", run_command},
    {"check", run_check},         {"echo", run_echo},       {"threads", run_threads},
    {"beside", run_beside},       {"pending", run_pending}, {"reopen", run_reopen},
    {"stream", run_stream},       {"stop", run_stop},       {"put", run_put},
    {"endpoints", run_endpoints}, {"clock", run_clock},     {"descriptors", run_descriptors},
    {"describe", run_describe},   {"crowd", run_crowd},
};

static void read_secret(int descriptor, struct secret *secret)
{
    struct error error = {0};
    struct stop stop;

    if (stop_open(&stop, &error) < 0 || secret_read(descriptor, &stop, secret, &error) < 0)
        exit(fail_with(&error));
    stop_close(&stop);
    if (secret == &secrets.passphrases)
        secret_split_lines(secret);
    else
        secret_keep_line(secret);
}

/* Takes NAME=VALUE; false if the word is not a setting. */
static bool take_setting(char *word)
{
    struct host_access *access = described;
    char *value = strchr(word, '=');

    if (strcmp(word, "jump") == 0) {
        begin_jump();
        return true;
    }
    if (value == NULL)
        return false;
    *value++ = '\0';
    if (strcmp(word, "address") == 0)
        access->address = value;
    else if (strcmp(word, "port") == 0)
        access->port = atoi(value);
    else if (strcmp(word, "user") == 0)
        access->user = value;
    else if (strcmp(word, "key") == 0)
        access->key = value;
    else if (strcmp(word, "certificate") == 0)
        access->certificate = value;
    else if (strcmp(word, "known_hosts") == 0)
        access->known_hosts = value;
    else if (strcmp(word, "network_namespace") == 0)
        access->network_namespace = value;
    else if (strcmp(word, "method") == 0)
        access->method = value;
    else if (strcmp(word, "sudo") == 0)
        access->sudo = strcmp(value, "yes") == 0;
    else if (strcmp(word, "passphrases") == 0)
        read_secret(atoi(value), &secrets.passphrases);
    else if (strcmp(word, "sudo_password") == 0)
        read_secret(atoi(value), &secrets.sudo_password);
    else if (strcmp(word, "pod_namespace") == 0)
        access->container.pod_namespace = value;
    else if (strcmp(word, "label") == 0)
        access->container.label = value;
    else if (strcmp(word, "container") == 0)
        access->container.name = value;
    else if (strcmp(word, "context") == 0)
        access->cluster.context = value;
    else if (strcmp(word, "accept") == 0)
        access->accept_new_host_keys = strcmp(value, "yes") == 0;
    else if (strcmp(word, "timeout") == 0)
        access->timeout = atoll(value) * CLOCK_MILLISECOND;
    else
        exit(fail("unknown setting"));
    return true;
}

/* Identity of the network namespace of the process as a whole. */
static ino_t network_namespace(void)
{
    struct stat status = {0};

    return stat("/proc/self/ns/net", &status) == 0 ? status.st_ino : 0;
}

int main(int argc, char **argv)
{
    ino_t home = network_namespace();
    const char *level = getenv("ACCESS_LOG");
    enum log_level lines;
    struct error error = {0};
    struct access *access = NULL;
    int at = 1;
    int outcome = 64;

    signal(SIGPIPE, SIG_IGN);
    if (!log_level_from_name(level == NULL ? "error" : level, &lines))
        return fail("no such log level");
    log_set_level(lines);
    host.access.secrets = &secrets;
    while (at < argc && take_setting(argv[at]))
        at++;
    if (at >= argc)
        return fail("no action");
    if (access_open(&host, &access, &error) < 0)
        return fail_with(&error);
    if (network_namespace() != home)
        return fail("the process has moved to another network namespace");
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (strcmp(actions[i].name, argv[at]) == 0)
            outcome = actions[i].run(access, argv + at + 1, &error);
    }
    access_close(access);
    return outcome;
}
