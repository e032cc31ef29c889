/* vnfault VERB ...: finds the verb, runs it, turns its error into an exit status. */
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/verb.h"

static void print_usage(FILE *stream)
{
    fputs("usage: vnfault [--log-level LEVEL] VERB [OPTION ...] [OPERAND ...]\n\nVerbs:\n", stream);
    for (size_t i = 0; verbs[i] != NULL; i++)
        fprintf(stream, "  %-10s %s\n", verbs[i]->name, verbs[i]->summary);
    fputs(
        "\n'vnfault VERB --help' explains a verb. LEVEL: error, warning (default), info, debug.\n",
        stream);
}

static const struct verb *find_verb(const char *name, struct error *error)
{
    const char *names[64];
    size_t count = 0;
    const char *nearest;

    for (size_t i = 0; verbs[i] != NULL && count < 64; i++) {
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
        names[count++] = verbs[i]->name;
    }
    error_set(error, ERROR_INPUT, "unknown verb '%s'", name);
    nearest = string_nearest(name, names, count);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    else
        error_hint(error, "'vnfault --help' lists the verbs");
    return NULL;
}

/* Takes --log-level, --help and --version before the verb. Returns false if that was all. */
static int take_global_options(int argc, char **argv, int *at, struct error *error)
{
    for (; *at < argc && argv[*at][0] == '-'; *at += 1) {
        enum log_level level;

        if (strcmp(argv[*at], "--log-level") != 0)
            return error_set(error, ERROR_INPUT, "unknown option %s", argv[*at]);
        if (*at + 1 >= argc || !log_level_from_name(argv[*at + 1], &level))
            return error_set(error, ERROR_INPUT, "--log-level takes error, warning, info or debug");
        log_set_level(level);
        *at += 1;
    }
    if (*at >= argc)
        return error_set(error, ERROR_INPUT, "no verb given; 'vnfault --help' lists them");
    return 0;
}

static bool asks_for_help(const char *const words[], size_t count)
{
    for (size_t i = 0; i < count && strcmp(words[i], "--") != 0; i++) {
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
            return true;
    }
    return false;
}

static int run_verb(int argc, char **argv, struct error *error)
{
    const struct verb *verb;
    const char **operands;
    const char *const *words;
    size_t count;
    int at = 1;
    int result;

    if (take_global_options(argc, argv, &at, error) < 0)
        return -1;
    verb = find_verb(argv[at], error);
    if (verb == NULL)
        return -1;
    words = (const char *const *)argv + at + 1;
    count = (size_t)(argc - at - 1);
    if (asks_for_help(words, count)) {
        verb_print_help(verb);
        return 0;
    }
    operands = memory_new(count, sizeof *operands);
    result = verb_parse(verb, words, count, operands, &count, error);
    if (result == 0 && (result = interrupt_catch(error)) == 0)
        result = verb->run(operands, count, error);
    free(operands);
    return result;
}

/* As other programs end whose output goes to `head`: without a word. Not before the work is done,
 * which may be a run. */
static void end_if_reader_is_gone(void)
{
    struct pollfd output = {.fd = STDOUT_FILENO, .events = POLLOUT};

    if (poll(&output, 1, 0) != 1 || (output.revents & POLLERR) == 0)
        return;
    signal(SIGPIPE, SIG_DFL);
    raise(SIGPIPE);
}

int main(int argc, char **argv)
{
    struct error error = {0};

    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        print_usage(stdout);
        return EXIT_SUCCESS;
    }
    if (argc > 1 && strcmp(argv[1], "--version") == 0) {
        puts("vnfault " VNFAULT_VERSION);
        return EXIT_SUCCESS;
    }
    if (run_verb(argc, argv, &error) < 0) {
        fflush(stdout);
        error_print(&error, stderr);
        return error_exit_status(&error);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        end_if_reader_is_gone();
        fputs("vnfault: can't write to standard output\n", stderr);
        return 70;
    }
    return EXIT_SUCCESS;
}
