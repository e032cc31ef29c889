/* The rows of a CSV file, by libcsv. */
#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/import.h"

#define BLOCK ((size_t)1 << 16)
#define LARGEST_ROW ((size_t)64 << 20)

struct reading {
    import_take *take;
    void *context;
    struct error *error;
    struct text bytes; /* of the row so far: fields, each with its final zero */
    size_t *starts;
    size_t start_capacity;
    const char **items;
    size_t item_capacity;
    size_t count;
    size_t row;
    bool failed;
};

static void fail(struct reading *reading, const char *why)
{
    if (!reading->failed)
        error_set(reading->error, ERROR_INPUT, "row %zu: %s", reading->row + 1, why);
    reading->failed = true;
}

static void take_field(void *bytes, size_t length, void *context)
{
    struct reading *reading = context;

    if (reading->failed)
        return;
    if (memchr(bytes, '\0', length) != NULL) {
        fail(reading, "there is a zero byte in it: not a text file?");
        return;
    }
    if (reading->bytes.length + length > LARGEST_ROW) {
        fail(reading, "it is longer than 64 MB");
        return;
    }
    reading->starts = memory_grow(reading->starts, reading->count, &reading->start_capacity,
                                  sizeof *reading->starts);
    reading->starts[reading->count++] = reading->bytes.length;
    text_append_bytes(&reading->bytes, bytes, length);
    text_append_bytes(&reading->bytes, "", 1);
}

static void take_row(int end, void *context)
{
    struct reading *reading = context;
    struct import_fields fields = {.count = reading->count, .row = ++reading->row};

    (void)end;
    if (!reading->failed) {
        for (size_t i = 0; i < reading->count; i++) {
            reading->items =
                memory_grow(reading->items, i, &reading->item_capacity, sizeof *reading->items);
            reading->items[i] = reading->bytes.bytes + reading->starts[i];
        }
        fields.items = reading->items;
        if (reading->take(&fields, reading->context, reading->error) < 0)
            reading->failed = true;
    }
    reading->count = 0;
    reading->bytes.length = 0;
}

static int parse(FILE *stream, struct csv_parser *parser, struct reading *reading,
                 struct stop *stop)
{
    char block[BLOCK];
    size_t length;

    while ((length = fread(block, 1, sizeof block, stream)) > 0) {
        const char *begin = block;

        /* A byte order mark, as spreadsheets write it. */
        if (reading->row == 0 && reading->count == 0 && reading->bytes.length == 0 && length >= 3 &&
            memcmp(block, "\xef\xbb\xbf", 3) == 0) {
            begin += 3;
            length -= 3;
        }
        if (csv_parse(parser, begin, length, take_field, take_row, reading) != length)
            fail(reading, csv_strerror(csv_error(parser)));
        if (reading->failed)
            return -1;
        if (stop != NULL && stop_reason(stop) != 0)
            return stop_error(stop, reading->error, "the import was interrupted");
    }
    if (ferror(stream))
        return error_system(reading->error, ERROR_INPUT, "can't read it");
    if (csv_fini(parser, take_field, take_row, reading) != 0)
        fail(reading, csv_strerror(csv_error(parser)));
    return reading->failed ? -1 : 0;
}

int import_read(const char *path, struct stop *stop, import_take *take, void *context,
                struct error *error)
{
    struct reading reading = {.take = take, .context = context, .error = error};
    struct csv_parser parser;
    FILE *stream = fopen(path, "r");
    int result;

    if (stream == NULL)
        return error_system(error, ERROR_INPUT, "can't open %s", path);
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0) {
        fclose(stream);
        return error_set(error, ERROR_INTERNAL, "can't start reading CSV");
    }
    result = parse(stream, &parser, &reading, stop);
    csv_free(&parser);
    fclose(stream);
    text_free(&reading.bytes);
    free(reading.starts);
    free(reading.items);
    return result < 0 ? error_where(error, "%s", path) : 0;
}
