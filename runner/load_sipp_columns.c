#include "runner/load_sipp_columns.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static const char *const single_names[SIPP_COLUMNS] = {
    [SIPP_TIME] = "CurrentTime",
    [SIPP_RATE] = "TargetRate",
    [SIPP_CREATED] = "TotalCallCreated",
    [SIPP_CURRENT] = "CurrentCall",
    [SIPP_SUCCEEDED] = "SuccessfulCall(C)",
    [SIPP_FAILED] = "FailedCall(C)",
    [SIPP_RETRANSMISSIONS] = "Retransmissions(C)",
};

/* SIPp's names of causes that read better otherwise; the rest is only spelt our way. */
static const struct {
    const char *column;
    const char *cause;
} cause_names[] = {
    {"CannotSendMessage", "cannot-send"},    {"MaxUDPRetrans", "max-retransmissions"},
    {"CmdNotSent", "command-not-sent"},      {"RegexpHdrNotFound", "regexp-header-not-found"},
    {"TimeoutOnRecv", "timeout-on-receive"},
};

enum { MISSING = -1 };

size_t sipp_cut_fields(char *line, char **fields, size_t capacity)
{
    size_t count = 0;

    while (*line != '\0' && count < capacity) {
        char *end = strchr(line, ';');

        fields[count++] = line;
        if (end == NULL)
            break;
        *end = '\0';
        line = end + 1;
    }
    return count;
}

/* 'UnexpectedMessage' to 'unexpected-message'. */
static char *spell(const char *name, size_t length)
{
    struct text text = {0};

    for (size_t i = 0; i < sizeof cause_names / sizeof cause_names[0]; i++) {
        if (strlen(cause_names[i].column) == length &&
            strncmp(cause_names[i].column, name, length) == 0)
            return memory_string(cause_names[i].cause);
    }
    for (size_t i = 0; i < length; i++) {
        char letter = (char)tolower((unsigned char)name[i]);

        if (i > 0 && isupper((unsigned char)name[i]) && !isupper((unsigned char)name[i - 1]))
            text_append(&text, "-");
        text_append_bytes(&text, &letter, 1);
    }
    return text.bytes;
}

static bool ends_with(const char *string, const char *end, size_t *stem)
{
    size_t length = strlen(string);
    size_t end_length = strlen(end);

    if (length <= end_length || strcmp(string + length - end_length, end) != 0)
        return false;
    *stem = length - end_length;
    return true;
}

static long find(char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0)
            return (long)i;
    }
    return MISSING;
}

static void add_cause(struct sipp_columns *columns, const char *name, size_t column)
{
    static const char prefix[] = "Failed";
    size_t stem;

    if (!string_starts_with(name, prefix) || !ends_with(name, "(C)", &stem) ||
        strcmp(name, single_names[SIPP_FAILED]) == 0 || stem <= strlen(prefix))
        return;
    columns->causes =
        memory_resize(columns->causes, columns->cause_count + 1, sizeof *columns->causes);
    columns->causes[columns->cause_count++] = (struct sipp_cause){
        .name = spell(name + strlen(prefix), stem - strlen(prefix)), .column = column};
}

/* A response time has a mean `PREFIX NAME (P)` and a deviation `PREFIX NAME StDev(P)`. */
static void add_response(struct sipp_columns *columns, char *const *names, size_t count,
                         size_t column)
{
    static const char prefix[] = "ResponseTime";
    const char *name = names[column];
    bool call = strcmp(name, "CallLength(P)") == 0;
    size_t stem;
    char *deviation;
    long found;

    if (!ends_with(name, "(P)", &stem) || (!call && !string_starts_with(name, prefix)))
        return;
    deviation = memory_format("%.*sStDev(P)", (int)stem, name);
    found = find(names, count, deviation);
    free(deviation);
    if (found == MISSING || (!call && stem <= strlen(prefix)))
        return;
    columns->responses =
        memory_resize(columns->responses, columns->response_count + 1, sizeof *columns->responses);
    columns->responses[columns->response_count++] = (struct sipp_response){
        .name = call ? memory_string("call")
                     : memory_format("%.*s", (int)(stem - strlen(prefix)), name + strlen(prefix)),
        .mean_column = column,
        .deviation_column = (size_t)found};
}

int sipp_columns_read(char *const *names, size_t count, struct sipp_columns *columns,
                      struct error *error)
{
    memset(columns, 0, sizeof *columns);
    columns->count = count;
    for (size_t i = 0; i < SIPP_COLUMNS; i++) {
        long found = find(names, count, single_names[i]);

        if (found == MISSING)
            return error_set(error, ERROR_INCONCLUSIVE,
                             "the statistics have no column %s: not those of SIPp 3.6",
                             single_names[i]);
        if (find(names + found + 1, count - (size_t)found - 1, single_names[i]) != MISSING)
            return error_set(error, ERROR_INCONCLUSIVE, "the statistics have column %s twice",
                             single_names[i]);
        columns->single[i] = (size_t)found;
    }
    for (size_t i = 0; i < count; i++) {
        add_cause(columns, names[i], i);
        add_response(columns, names, count, i);
    }
    return 0;
}

void sipp_columns_free(struct sipp_columns *columns)
{
    for (size_t i = 0; i < columns->cause_count; i++)
        free(columns->causes[i].name);
    for (size_t i = 0; i < columns->response_count; i++)
        free(columns->responses[i].name);
    free(columns->causes);
    free(columns->responses);
    memset(columns, 0, sizeof *columns);
}
