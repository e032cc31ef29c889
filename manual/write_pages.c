/*
 * Writes the manual page of vnfault and that of each verb into a folder, from the verbs' own
 * tables. Standard input is what the first of them says under "See also", as roff. usage:
 * write_pages FOLDER <SEE_ALSO
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/verb.h"

/* Text as roff takes it for itself: a hyphen is one that can be copied, a line begins no request.
 */
static void write_text(FILE *page, const char *text, size_t length)
{
    if (length > 0 && (text[0] == '.' || text[0] == '\''))
        fputs("\\&", page);
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '-')
            fputs("\\-", page);
        else if (text[i] == '\\')
            fputs("\\e", page);
        else if (text[i] == '\'')
            fputs("\\(aq", page);
        else
            fputc(text[i], page);
    }
}

static void write_string(FILE *page, const char *text)
{
    write_text(page, text, strlen(text));
}

/* Lines that are indented keep their shape; an empty line ends a paragraph. */
static void write_description(FILE *page, const char *text)
{
    bool shaped = false;

    while (*text != '\0') {
        size_t length = strcspn(text, "\n");

        if ((text[0] == ' ') != shaped) {
            shaped = !shaped;
            fputs(shaped ? ".PP\n.nf\n" : ".fi\n.PP\n", page);
        }
        if (length == 0)
            fputs(".PP", page);
        write_text(page, text, length);
        fputc('\n', page);
        text += length + (text[length] == '\n');
    }
    if (shaped)
        fputs(".fi\n", page);
}

static void write_option(FILE *page, const char *name, const char *argument, const char *help)
{
    fputs(".TP\n\\fB", page);
    write_string(page, name);
    fputs("\\fR", page);
    if (argument != NULL) {
        fputs(" \\fI", page);
        write_string(page, argument);
        fputs("\\fR", page);
    }
    fputc('\n', page);
    write_string(page, help);
    fputc('\n', page);
}

static void write_head(FILE *page, const char *name, const char *summary)
{
    fputs(".TH ", page);
    for (const char *letter = name; *letter != '\0'; letter++) {
        if (*letter == '-')
            fputc('\\', page);
        fputc(toupper((unsigned char)*letter), page);
    }
    fputs(" 1 \"\" \"vnfault " VNFAULT_VERSION "\" \"vnfault manual\"\n.SH NAME\n", page);
    write_string(page, name);
    fputs(" \\- ", page);
    write_string(page, summary);
    fputs("\n.SH SYNOPSIS\n", page);
}

static void write_exit_status(FILE *page)
{
    fputs(".SH EXIT STATUS\n0 if all that was asked was done and holds. The others are in\n"
          ".BR vnfault\\-exit\\-codes (7).\n",
          page);
}

static void write_verb(FILE *page, const char *name, const struct verb *verb)
{
    write_head(page, name, verb->summary);
    fprintf(page, ".B vnfault %s\n[\\fIOPTION\\fR ...]", verb->name);
    if (verb->operands[0] != '\0') {
        fputc(' ', page);
        write_string(page, verb->operands);
    }
    fputs("\n.SH DESCRIPTION\n", page);
    write_description(page, verb->description);
    fputs(".SH OPTIONS\n", page);
    for (const struct option_row *row = verb->options; row != NULL && row->name != NULL; row++)
        write_option(page, row->name, row->argument, row->help);
    write_option(page, "--help", NULL, "say what the verb does");
    write_exit_status(page);
    fputs(".SH SEE ALSO\n.BR vnfault (1),\nwhich lists the guides and file formats\n", page);
}

static void write_program(FILE *page, const char *see_also)
{
    write_head(page, "vnfault", "fault-injection campaigns against virtual network functions");
    fputs(".B vnfault\n[\\fB\\-\\-log\\-level\\fR \\fILEVEL\\fR] \\fIVERB\\fR "
          "[\\fIOPTION\\fR ...] [\\fIOPERAND\\fR ...]\n.SH DESCRIPTION\n"
          "Runs fault\\-injection campaigns against virtual network functions and turns them into\n"
          "labelled data, detectors and figures.\n.SH VERBS\n",
          page);
    for (size_t i = 0; verbs[i] != NULL; i++) {
        fprintf(page, ".TP\n.BR vnfault\\-%s (1)\n", verbs[i]->name);
        write_string(page, verbs[i]->summary);
        fputc('\n', page);
    }
    fputs(".SH OPTIONS\n", page);
    write_option(page, "--log-level", "LEVEL",
                 "what is told on standard error: error, warning (default), info or debug");
    write_option(page, "--help", NULL, "list the verbs; of a verb, say what it does");
    write_option(page, "--version", NULL, "print the version");
    write_exit_status(page);
    fprintf(page, ".SH SEE ALSO\n%s", see_also);
}

/* One page of the folder; returns false if it can't be written. */
static bool make_page(const char *folder, const struct verb *verb, const char *see_also)
{
    char name[64];
    char path[4096];
    FILE *page;
    bool written;

    snprintf(name, sizeof name, "vnfault%s%s", verb != NULL ? "-" : "",
             verb != NULL ? verb->name : "");
    snprintf(path, sizeof path, "%s/%s.1", folder, name);
    page = fopen(path, "w");
    if (page == NULL) {
        perror(path);
        return false;
    }
    if (verb != NULL)
        write_verb(page, name, verb);
    else
        write_program(page, see_also);
    written = ferror(page) == 0;
    if (fclose(page) != 0 || !written) {
        perror(path);
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static char see_also[8192];

    if (argc != 2) {
        fputs("usage: write_pages FOLDER <SEE_ALSO\n", stderr);
        return 64;
    }
    see_also[fread(see_also, 1, sizeof see_also - 1, stdin)] = '\0';
    if (!make_page(argv[1], NULL, see_also))
        return EXIT_FAILURE;
    for (size_t i = 0; verbs[i] != NULL; i++) {
        if (!make_page(argv[1], verbs[i], see_also))
            return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
