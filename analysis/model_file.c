/* A model as a file (docs/detectors.md): magic, version, a header in JSON, the detector's bytes. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/model.h"
#include "analysis/record.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/memory.h"

#define MAGIC "VNFMODEL"
#define MAGIC_BYTES 8
#define FRONT_BYTES (MAGIC_BYTES + 8) /* magic, version, length of the header */
#define FILE_VERSION 2
#define FILE_LIMIT ((size_t)4 << 30)

struct header_metric {
    char *name;
    char *resource_group;
    int counter;
    int used;
    double median; /* NaN unless used, as those below */
    double offset;
    double scale;
};

struct header {
    char *detector; /* with its parameters */
    char *target;
    size_t rows;
    int64_t period_ns;
    struct pipeline pipeline;
    size_t trees;
    uint64_t seed;
    int balanced;
    char **questions;
    size_t question_count;
    struct header_metric *metrics;
    size_t metric_count;
};

static const struct record metric_record = {
    sizeof(struct header_metric),
    (const struct field[]){
        {"name", FIELD_TEXT, offsetof(struct header_metric, name), 0, NULL},
        {"resource_group", FIELD_TEXT, offsetof(struct header_metric, resource_group), 0, NULL},
        {"counter", FIELD_FLAG, offsetof(struct header_metric, counter), 0, NULL},
        {"used", FIELD_FLAG, offsetof(struct header_metric, used), 0, NULL},
        {"median", FIELD_REAL, offsetof(struct header_metric, median), 0, NULL},
        {"offset", FIELD_REAL, offsetof(struct header_metric, offset), 0, NULL},
        {"scale", FIELD_REAL, offsetof(struct header_metric, scale), 0, NULL},
        {NULL, FIELD_COUNT, 0, 0, NULL},
    },
};

static const struct record header_record = {
    sizeof(struct header),
    (const struct field[]){
        {"detector", FIELD_TEXT, offsetof(struct header, detector), 0, NULL},
        {"target", FIELD_TEXT, offsetof(struct header, target), 0, NULL},
        {"rows", FIELD_COUNT, offsetof(struct header, rows), 0, NULL},
        {"period_ns", FIELD_INTEGER, offsetof(struct header, period_ns), 0, NULL},
        {"pipeline", FIELD_OBJECT, offsetof(struct header, pipeline), 0, &pipeline_record},
        {"trees", FIELD_COUNT, offsetof(struct header, trees), 0, NULL},
        {"seed", FIELD_INTEGER, offsetof(struct header, seed), 0, NULL},
        {"balanced", FIELD_FLAG, offsetof(struct header, balanced), 0, NULL},
        {"questions", FIELD_TEXTS, offsetof(struct header, questions),
         offsetof(struct header, question_count), NULL},
        {"metrics", FIELD_LIST, offsetof(struct header, metrics),
         offsetof(struct header, metric_count), &metric_record},
        {NULL, FIELD_COUNT, 0, 0, NULL},
    },
};

static void fill_header(const struct model *model, struct header *header)
{
    size_t kept = 0;

    *header = (struct header){
        .detector = detector_full_name(model->detector, &model->setting),
        .target = memory_string(model->target),
        .rows = model->rows,
        .period_ns = model->period_ns,
        .pipeline = model->pipeline,
        .trees = model->setting.trees,
        .seed = model->setting.seed,
        .balanced = model->setting.balanced,
        .questions = memory_new(model->question_count, sizeof(char *)),
        .question_count = model->question_count,
        .metrics = memory_new(model->preprocess.columns, sizeof(struct header_metric)),
        .metric_count = model->preprocess.columns};
    for (size_t i = 0; i < model->question_count; i++)
        header->questions[i] = memory_string(model->questions[i]);
    for (size_t i = 0; i < model->preprocess.columns; i++) {
        const struct dataset_metric *metric = &model->metrics[i];
        bool used = kept < model->preprocess.kept && model->preprocess.source[kept] == i;

        header->metrics[i] =
            (struct header_metric){memory_string(metric->name),
                                   memory_string(metric->resource_group),
                                   metric->counter,
                                   used,
                                   used ? model->preprocess.median[kept] : (double)NAN,
                                   used ? model->preprocess.offset[kept] : (double)NAN,
                                   used ? model->preprocess.scale[kept] : (double)NAN};
        kept += used;
    }
}

int model_write(const struct model *model, const char *path, size_t *size, struct error *error)
{
    struct header header;
    struct text bytes = {0};
    json_t *object;
    char *json;
    int result;

    fill_header(model, &header);
    object = record_to_json(&header_record, &header);
    json = json_dumps(object, JSON_INDENT(1) | JSON_REAL_PRECISION(17));
    text_append_bytes(&bytes, MAGIC, MAGIC_BYTES);
    bytes_put_integer(&bytes, FILE_VERSION, 4);
    bytes_put_integer(&bytes, strlen(json), 4);
    text_append(&bytes, json);
    model->detector->write(model->state, &bytes);
    result = file_write(path, bytes.bytes, bytes.length, error);
    if (size != NULL)
        *size = bytes.length;
    free(json);
    json_decref(object);
    record_free(&header_record, &header);
    text_free(&bytes);
    return result;
}

/* What record_from_json can't see: names that are missing, numbers that make no model. */
static int check_header(const struct header *header, struct error *error)
{
    bool sound = header->detector != NULL && header->target != NULL && header->period_ns > 0 &&
                 header->trees > 0 && header->question_count > 0;
    size_t used = 0;

    for (size_t i = 0; sound && i < header->question_count; i++)
        sound = header->questions[i] != NULL;
    for (size_t i = 0; sound && i < header->metric_count; i++) {
        const struct header_metric *metric = &header->metrics[i];

        sound = metric->name != NULL && metric->resource_group != NULL &&
                (!metric->used || (isfinite(metric->median) && isfinite(metric->offset) &&
                                   isfinite(metric->scale) && metric->scale > 0));
        used += metric->used != 0;
    }
    sound = sound && header->pipeline.resample_ns >= 0 &&
            header->pipeline.lags <= PIPELINE_MOST_LAGS &&
            header->metric_count % pipeline_factor(&header->pipeline) == 0;
    if (!sound || used == 0 || strcmp(header->questions[0], QUESTION_BINARY) != 0)
        return error_set(error, ERROR_INPUT, "the header of the model is not sound");
    return 0;
}

/* Takes over the strings of the header. */
static void take_header(struct header *header, struct model *model)
{
    struct preprocess *preprocess = &model->preprocess;

    model->target = header->target;
    model->rows = header->rows;
    model->period_ns = header->period_ns;
    model->pipeline = header->pipeline;
    model->setting.trees = header->trees;
    model->setting.seed = header->seed;
    model->setting.balanced = header->balanced != 0;
    model->questions = header->questions;
    model->question_count = header->question_count;
    model->metrics = memory_new(header->metric_count, sizeof *model->metrics);
    preprocess_open(preprocess, header->metric_count);
    for (size_t i = 0; i < header->metric_count; i++) {
        const struct header_metric *metric = &header->metrics[i];

        model->metrics[i] =
            (struct dataset_metric){metric->name, metric->resource_group, metric->counter != 0};
        if (!metric->used)
            continue;
        preprocess->source[preprocess->kept] = i;
        preprocess->offset[preprocess->kept] = metric->offset;
        preprocess->scale[preprocess->kept] = metric->scale;
        preprocess->median[preprocess->kept++] = metric->median;
    }
    free(header->metrics);
    header->metrics = NULL;
    header->target = NULL;
    header->questions = NULL;
}

static int read_header(const char *bytes, size_t length, struct model *model, struct error *error)
{
    struct header header = {0};
    json_error_t parse;
    json_t *object = json_loadb(bytes, length, 0, &parse);
    int result;

    if (object == NULL)
        return error_set(error, ERROR_INPUT, "the header of the model: %s", parse.text);
    result = record_from_json(&header_record, object, &header, error);
    if (result == 0)
        result = check_header(&header, error);
    if (result == 0 &&
        (model->detector = detector_parse(header.detector, &model->setting, error)) == NULL)
        result = -1;
    if (result == 0)
        take_header(&header, model);
    record_free(&header_record, &header);
    json_decref(object);
    return result;
}

static int read_bytes(const struct text *bytes, struct model *model, struct error *error)
{
    struct byte_reader reader = {bytes->bytes, bytes->length, MAGIC_BYTES};
    uint64_t version;
    uint64_t header;

    if (bytes->length < FRONT_BYTES || memcmp(bytes->bytes, MAGIC, MAGIC_BYTES) != 0)
        return error_set(error, ERROR_INPUT, "this is not a model of vnfault");
    if (bytes_get_integer(&reader, 4, &version, error) < 0 ||
        bytes_get_integer(&reader, 4, &header, error) < 0)
        return -1;
    if (version != FILE_VERSION) {
        error_set(error, ERROR_INPUT, "the model has version %llu, this vnfault reads %d",
                  (unsigned long long)version, FILE_VERSION);
        return error_hint(error, "train it again");
    }
    if (bytes_check_left(&reader, header, 1, error) < 0 ||
        read_header(reader.bytes + reader.at, header, model, error) < 0)
        return -1;
    reader.at += header;
    return model->detector->read(reader.bytes + reader.at, reader.length - reader.at,
                                 model->preprocess.kept, model->question_count, &model->setting,
                                 &model->state, error);
}

int model_read(const char *path, struct model **model, struct error *error)
{
    struct text bytes = {0};
    int result = file_read(path, FILE_LIMIT, &bytes, error);

    *model = NULL;
    if (result == 0) {
        *model = memory_new(1, sizeof **model);
        result = read_bytes(&bytes, *model, error);
        if (result < 0) {
            error_where(error, "%s", path);
            model_free(*model);
            *model = NULL;
        }
    }
    text_free(&bytes);
    return result;
}
