#include "cli/csv.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

static void begin_field(struct csv *csv)
{
    if (csv->in_row)
        fputc(',', csv->stream);
    csv->in_row = true;
}

void csv_text(struct csv *csv, const char *value)
{
    begin_field(csv);
    if (value == NULL)
        return;
    if (value[strcspn(value, ",\"\r\n")] == '\0') {
        fputs(value, csv->stream);
        return;
    }
    fputc('"', csv->stream);
    for (; *value != '\0'; value++) {
        if (*value == '"')
            fputc('"', csv->stream);
        fputc(*value, csv->stream);
    }
    fputc('"', csv->stream);
}

void csv_integer(struct csv *csv, int64_t value)
{
    begin_field(csv);
    fprintf(csv->stream, "%" PRId64, value);
}

void csv_instant(struct csv *csv, int64_t value)
{
    if (value != 0)
        csv_integer(csv, value);
    else
        begin_field(csv);
}

void csv_number(struct csv *csv, double value)
{
    begin_field(csv);
    if (!isnan(value))
        fprintf(csv->stream, "%.17g", value);
}

void csv_end_row(struct csv *csv)
{
    fputc('\n', csv->stream);
    csv->in_row = false;
}

void csv_names(struct csv *csv, const char *const *names)
{
    for (; *names != NULL; names++)
        csv_text(csv, *names);
}

int csv_file(const char *path, csv_writer *write, void *context, struct error *error)
{
    struct csv csv = {.stream = stdout};
    char *name;
    bool failed;
    int result;

    if (path == NULL)
        return write(&csv, context, error);
    name = file_name_before(path);
    csv.stream = fopen(name, "w");
    if (csv.stream == NULL) {
        result = error_unwritten(error, "can't write %s", path);
        free(name);
        return result;
    }
    result = write(&csv, context, error);
    failed = ferror(csv.stream) != 0;
    if (failed && result == 0)
        result = error_set(error, ERROR_INTERNAL, "can't write %s: is the disk full?", path);
    if (fclose(csv.stream) != 0 && result == 0)
        result = error_unwritten(error, "can't write %s", path);
    if (file_put_in_place(name, path, result == 0) < 0)
        result = error_unwritten(error, "can't write %s", path);
    free(name);
    return result;
}
