/*
 * Prints the part of the bash completion that follows from the verbs' own tables: the functions
 * that manual/completion.bash calls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verb.h"
#include "runner/injector.h"

static struct injector_table injectors;

static void print_targets(void)
{
    fputs("_vnfault_targets", stdout);
}

static void print_faults(void)
{
    fputs("_vnfault_list", stdout);
    for (size_t i = 0; i < injectors.count; i++)
        printf(" %s", injectors.items[i].name);
}

/* Options whose words no verb has in a table, where their argument is shown so. */
static const struct known {
    const char *option;
    const char *argument;
    void (*print)(void);
} known[] = {
    {"--fault", "TYPE", print_faults},
    {"--target", "NAME", print_targets},
    {"--targets", "NAME", print_targets},
};

static bool begins_with(const char *text, const char *beginning)
{
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool is_path(const char *argument)
{
    static const char *const beginnings[] = {"FILE",  "FOLDER",   "PATH",    "RUN",
                                             "MODEL", "CAMPAIGN", "TESTBED", "FRAGMENT"};

    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (begins_with(argument, beginnings[i]))
            return true;
    }
    return false;
}

/* The command that completes an option's argument or an operand, which is shown as `argument`. */
static void print_command(const struct verb *verb, const char *of, const char *argument)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].option, of) == 0 && begins_with(argument, known[i].argument)) {
            known[i].print();
            return;
        }
    }
    if (verb->word != NULL && verb->word(of, 0) != NULL) {
        fputs("_vnfault_words", stdout);
        for (size_t at = 0; verb->word(of, at) != NULL; at++)
            printf(" %s", verb->word(of, at));
    } else {
        fputs(is_path(argument) ? "_vnfault_files" : ":", stdout);
    }
}

static void print_verbs(void)
{
    fputs("\n_vnfault_verbs() {\n    echo", stdout);
    for (size_t i = 0; verbs[i] != NULL; i++)
        printf(" %s", verbs[i]->name);
    fputs("\n}\n", stdout);
}

/* All options, and those that take an argument. */
static void print_options(void)
{
    fputs("\n_vnfault_options() {\n    case $verb in\n", stdout);
    for (size_t i = 0; verbs[i] != NULL; i++) {
        const struct option_row *rows = verbs[i]->options;

        printf("    %s)\n        options='--help", verbs[i]->name);
        for (const struct option_row *row = rows; row != NULL && row->name != NULL; row++)
            printf(" %s", row->name);
        fputs("'\n        takers=' ", stdout);
        for (const struct option_row *row = rows; row != NULL && row->name != NULL; row++)
            printf("%s%s", row->argument != NULL ? row->name : "",
                   row->argument != NULL ? " " : "");
        fputs("' ;;\n", stdout);
    }
    fputs("    esac\n}\n", stdout);
}

static void print_arguments(void)
{
    fputs("\n_vnfault_argument() {\n    case \"$verb $option\" in\n", stdout);
    for (size_t i = 0; verbs[i] != NULL; i++) {
        const struct option_row *row = verbs[i]->options;

        for (; row != NULL && row->name != NULL; row++) {
            if (row->argument == NULL)
                continue;
            printf("    '%s %s') ", verbs[i]->name, row->name);
            print_command(verbs[i], row->name, row->argument);
            fputs(" ;;\n", stdout);
        }
    }
    fputs("    esac\n}\n", stdout);
}

static void print_operands(void)
{
    fputs("\n_vnfault_operand() {\n    case \"$verb $position\" in\n", stdout);
    for (size_t i = 0; verbs[i] != NULL; i++) {
        char *operands = strdup(verbs[i]->operands);
        char *rest = operands;
        char *operand;
        size_t position = 0;

        while ((operand = strtok_r(rest, " []|", &rest)) != NULL &&
               position < verbs[i]->most_operands) {
            printf("    '%s %zu') ", verbs[i]->name, position++);
            print_command(verbs[i], operand, operand);
            fputs(" ;;\n", stdout);
        }
        free(operands);
    }
    fputs("    esac\n}\n", stdout);
}

int main(void)
{
    struct error error = {0};

    if (injector_table_read(&injectors, &error) < 0) {
        error_print(&error, stderr);
        return error_exit_status(&error);
    }
    print_verbs();
    print_options();
    print_arguments();
    print_operands();
    injector_table_free(&injectors);
    return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
