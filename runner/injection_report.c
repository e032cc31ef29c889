/* What the steps of an injection print. The target may be hostile: every line is checked. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/injection_script.h"

/* Kinds of the codes that steps give their errors; ERROR_UNREACHABLE for all others. */
static const struct {
    const char *code;
    enum error_kind kind;
} error_codes[] = {
    {"not-clean", ERROR_NOT_CLEAN},  {"not-as-before", ERROR_NOT_AS_BEFORE},
    {"locked", ERROR_LOCKED},        {"range", ERROR_INPUT},
    {"bad-request", ERROR_INTERNAL},
};

static void make_printable(char *text)
{
    for (; *text != '\0'; text++) {
        if (!isprint((unsigned char)*text))
            *text = '?';
    }
}

/* Ends the first word of `text` and returns what comes after it. */
static char *after_word(char *text)
{
    char *space = strchr(text, ' ');

    if (space == NULL)
        return text + strlen(text);
    *space = '\0';
    return space + 1;
}

static void set_error(char *text, struct error *error)
{
    char *what = after_word(text);
    enum error_kind kind = ERROR_UNREACHABLE;
    char hint[sizeof error->hint];

    for (size_t i = 0; i < sizeof error_codes / sizeof error_codes[0]; i++) {
        if (strcmp(text, error_codes[i].code) == 0)
            kind = error_codes[i].kind;
    }
    /* A hint comes before the error that it belongs to. */
    memcpy(hint, error->hint, sizeof hint);
    error_set(error, kind, "%s", what);
    memcpy(error->hint, hint, sizeof hint);
}

/* Handles one line; returns whether it is the last one, 'done STEP'. */
static bool read_line(char *line, const char *step, injection_line *handler, void *context,
                      struct error *error)
{
    char *text;

    make_printable(line);
    text = after_word(line);
    if (strcmp(line, "error") == 0)
        set_error(text, error);
    else if (strcmp(line, "hint") == 0)
        snprintf(error->hint, sizeof error->hint, "%s", text);
    else if (strcmp(line, "done") == 0)
        return strcmp(text, step) == 0;
    else
        handler(line, text, context);
    return false;
}

int injection_output_read(const char *step, const struct command_result *result,
                          injection_line *line, void *context, struct error *error)
{
    char *output = memory_string(text_string(&result->output));
    char *rest = NULL;
    bool complete = false;

    error_clear(error);
    for (char *at = strtok_r(output, "\n", &rest); at != NULL; at = strtok_r(NULL, "\n", &rest))
        complete = read_line(at, step, line, context, error);
    free(output);
    if (error->kind == ERROR_NONE && !complete) {
        char *errors = memory_format("%.200s", text_string(&result->errors));

        make_printable(errors);
        error_set(error, ERROR_UNREACHABLE, "the step ended with status %d and no result%s%s",
                  result->exit_status, errors[0] != '\0' ? ": " : "", errors);
        free(errors);
    }
    if (error->kind == ERROR_NONE) {
        error_clear(error);
        return 0;
    }
    return error_where(error, "%s", step);
}

/* A finite decimal that takes up all of `text`. */
static bool read_number(const char *text, double *number)
{
    char *end;
    double value;

    errno = 0;
    value = strtod(text, &end);
    if (end == text || *end != '\0' || errno != 0 || !isfinite(value))
        return false;
    *number = value;
    return true;
}

/* Nanoseconds since 1970: 19 digits until the year 2286. */
static void read_instant(struct injection_report *report, const char *text)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (errno == 0 && end != text && *end == '\0' && value > 0)
        report->instant = value;
}

static void read_measurement(struct injection_report *report, const char *text)
{
    struct injection_measurement *measurement = &report->measurements[report->measurement_count];
    const size_t most = sizeof report->measurements / sizeof report->measurements[0];
    char name[48];
    char value[32];
    char unit[24];

    if (report->measurement_count >= most ||
        sscanf(text, "%47s %31s %23s", name, value, unit) != 3 ||
        !read_number(value, &measurement->value))
        return;
    memcpy(measurement->name, name, sizeof name);
    memcpy(measurement->unit, unit, sizeof unit);
    report->measurement_count++;
}

static void add_detail(struct injection_report *report, const char *text)
{
    size_t used = strlen(report->detail);

    snprintf(report->detail + used, sizeof report->detail - used, "%s%s", used > 0 ? "; " : "",
             text);
}

void injection_report_line(const char *key, const char *text, void *context)
{
    struct injection_report *report = context;

    if (strcmp(key, "instant") == 0)
        read_instant(report, text);
    else if (strcmp(key, "mechanism") == 0)
        snprintf(report->mechanism, sizeof report->mechanism, "%s", text);
    else if (strcmp(key, "achieved") == 0)
        read_number(text, &report->achieved);
    else if (strcmp(key, "took_hold") == 0)
        report->took_hold = strcmp(text, "true") == 0;
    else if (strcmp(key, "measure") == 0)
        read_measurement(report, text);
    else if (strcmp(key, "detail") == 0)
        add_detail(report, text);
}
