/* The evaluation as a JSON file: docs/evaluation-file.md. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "analysis/evaluation.h"
#include "analysis/evaluation_record.h"
#include "analysis/evaluation_split.h"
#include "base/file.h"
#include "base/memory.h"

#define FILE_FORMAT "vnfault evaluation"
#define FILE_VERSION 4
#define FILE_LIMIT ((size_t)512 << 20)

int evaluation_write(const struct evaluation *evaluation, const char *path, struct error *error)
{
    json_t *object = record_to_json(&evaluation_record, evaluation);
    json_t *file = json_pack("{s:s, s:i}", "format", FILE_FORMAT, "version", FILE_VERSION);
    char *bytes;
    int result;

    json_object_update(file, object);
    json_decref(object);
    /* 17 digits: every double is read back as it was. */
    bytes = json_dumps(file, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    json_decref(file);
    if (bytes == NULL)
        return error_set(error, ERROR_INTERNAL, "the evaluation can't be written as JSON");
    result = file_write(path, bytes, strlen(bytes), error);
    free(bytes);
    return result;
}

static int check_format(const json_t *file, struct error *error)
{
    const char *format = json_string_value(json_object_get(file, "format"));
    json_int_t version = json_integer_value(json_object_get(file, "version"));

    if (format == NULL || strcmp(format, FILE_FORMAT) != 0)
        return error_set(error, ERROR_INPUT, "this is not an evaluation of vnfault");
    if (version == FILE_VERSION)
        return 0;
    error_set(error, ERROR_INPUT, "the evaluation has version %lld, this vnfault reads %d",
              (long long)version, FILE_VERSION);
    return error_hint(error, "evaluate the run again");
}

/* What the table of fields does not say: each observation has a time, and each group its error. */
static int check_series(const struct detection_result *detection, struct error *error)
{
    for (size_t i = 0; i < detection->series_count; i++) {
        const struct score_series *series = &detection->series[i];

        for (size_t j = 0; j < series->count; j++) {
            if (!isfinite(series->times_s[j]))
                return error_set(error, ERROR_INPUT, "'times_s' has a time that is no number");
        }
        for (size_t j = 0; j < series->group_count; j++) {
            if (series->groups[j].count != series->count)
                return error_set(error, ERROR_INPUT, "'ratios' is not as long as 'times_s'");
        }
    }
    return 0;
}

static int check_lists(const struct evaluation *evaluation, struct error *error)
{
    for (size_t i = 0; i < evaluation->target_count; i++) {
        const struct target_result *target = &evaluation->targets[i];

        for (size_t j = 0; j < target->split_count; j++) {
            if (evaluation_split_check(&target->splits[j], error) < 0 ||
                check_series(&target->splits[j].detection, error) < 0)
                return -1;
        }
    }
    return 0;
}

static int read_object(const json_t *file, struct evaluation **evaluation, struct error *error)
{
    if (check_format(file, error) < 0)
        return -1;
    *evaluation = memory_new(1, sizeof **evaluation);
    if (record_from_json(&evaluation_record, file, *evaluation, error) == 0 &&
        check_lists(*evaluation, error) == 0)
        return 0;
    evaluation_free(*evaluation);
    *evaluation = NULL;
    return -1;
}

int evaluation_read(const char *path, struct evaluation **evaluation, struct error *error)
{
    struct text bytes = {0};
    json_error_t parse;
    json_t *file;
    int result = -1;

    if (file_read(path, FILE_LIMIT, &bytes, error) == 0) {
        file = json_loadb(text_string(&bytes), bytes.length, 0, &parse);
        if (file == NULL)
            error_set(error, ERROR_INPUT, "line %d: %s", parse.line, parse.text);
        else
            result = read_object(file, evaluation, error);
        json_decref(file);
        if (result < 0)
            error_where(error, "%s", path);
    }
    text_free(&bytes);
    return result;
}
