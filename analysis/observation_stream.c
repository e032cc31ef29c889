#include "analysis/observation_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/counter_rate.h"
#include "base/memory.h"

struct stream_source {
    size_t count;
    size_t *columns; /* per metric: the model's column, or SIZE_MAX */
    bool read;       /* part of the row under way */
};

struct observation_stream {
    const struct model *model;
    size_t columns;
    struct stream_source *sources;
    size_t source_count;
    size_t source_capacity;
    struct counter_state *counters; /* per column */
    bool first;                     /* no row was ended since the start */
    bool begun;
    int64_t time_ns;
    /* The last rows, the one under way at the end: as many as the detector looks at. */
    size_t window;
    size_t held;
    double *values;    /* (window x columns) */
    int64_t *times_ns; /* per row */
    size_t *sequences; /* per row */
    size_t *places;    /* 0, 1, 2, ... */
    double *scores;    /* per row */
};

struct observation_stream *stream_new(const struct model *model)
{
    struct observation_stream *stream = memory_new(1, sizeof *stream);
    const struct detector *detector = model->detector;

    stream->model = model;
    stream->columns = model->preprocess.columns;
    stream->window = detector->window != NULL ? detector->window(model->state) : 1;
    stream->counters = memory_new(stream->columns, sizeof *stream->counters);
    stream->values = memory_new(stream->window * stream->columns, sizeof(double));
    stream->times_ns = memory_new(stream->window, sizeof(int64_t));
    stream->sequences = memory_new(stream->window, sizeof(size_t));
    stream->places = memory_new(stream->window, sizeof(size_t));
    stream->scores = memory_new(stream->window, sizeof(double));
    for (size_t i = 0; i < stream->window; i++)
        stream->places[i] = i;
    stream_restart(stream);
    return stream;
}

void stream_free(struct observation_stream *stream)
{
    if (stream == NULL)
        return;
    for (size_t i = 0; i < stream->source_count; i++)
        free(stream->sources[i].columns);
    free(stream->sources);
    free(stream->counters);
    free(stream->values);
    free(stream->times_ns);
    free(stream->sequences);
    free(stream->places);
    free(stream->scores);
    free(stream);
}

void stream_restart(struct observation_stream *stream)
{
    stream->first = true;
    stream->begun = false;
    stream->held = 0;
    for (size_t i = 0; i < stream->columns; i++)
        stream->counters[i].value = NAN;
    for (size_t i = 0; i < stream->source_count; i++)
        stream->sources[i].read = false;
}

static size_t column_of(const struct model *model, const struct stream_metric *metric)
{
    for (size_t i = 0; i < model->preprocess.columns; i++) {
        if (model->metrics[i].counter == metric->counter &&
            strcmp(model->metrics[i].name, metric->name) == 0)
            return i;
    }
    return SIZE_MAX;
}

size_t stream_add_source(struct observation_stream *stream, const struct stream_metric *metrics,
                         size_t count)
{
    struct stream_source source = {count, memory_new(count, sizeof(size_t)), false};

    for (size_t i = 0; i < count; i++)
        source.columns[i] = column_of(stream->model, &metrics[i]);
    stream->sources = memory_grow(stream->sources, stream->source_count, &stream->source_capacity,
                                  sizeof *stream->sources);
    stream->sources[stream->source_count] = source;
    return stream->source_count++;
}

int stream_check(const struct observation_stream *stream, struct error *error)
{
    const struct model *model = stream->model;

    for (size_t i = 0; i < stream->columns; i++) {
        bool found = false;

        for (size_t j = 0; !found && j < stream->source_count; j++) {
            for (size_t k = 0; !found && k < stream->sources[j].count; k++)
                found = stream->sources[j].columns[k] == i;
        }
        if (found)
            continue;
        error_set(error, ERROR_INPUT, "the model needs the %s '%s', which no source has",
                  model->metrics[i].counter ? "counter" : "gauge", model->metrics[i].name);
        error_hint(error, "train it on a run of this testbed");
        return error_target(error, model->target);
    }
    return 0;
}

bool stream_belongs(const struct observation_stream *stream, size_t source, int64_t time_ns)
{
    return stream->begun && !stream->sources[source].read &&
           time_ns - stream->time_ns <= stream->model->period_ns / 2;
}

/* Makes room at the end of the window; nothing is known of the new row yet. */
static void begin_row(struct observation_stream *stream, int64_t time_ns)
{
    size_t columns = stream->columns;
    double *row;

    if (stream->held == stream->window) {
        memmove(stream->values, stream->values + columns,
                (stream->held - 1) * columns * sizeof *stream->values);
        memmove(stream->times_ns, stream->times_ns + 1,
                (stream->held - 1) * sizeof *stream->times_ns);
        memmove(stream->sequences, stream->sequences + 1,
                (stream->held - 1) * sizeof *stream->sequences);
        stream->held--;
    }
    row = stream->values + stream->held * columns;
    for (size_t i = 0; i < columns; i++)
        row[i] = NAN;
    stream->begun = true;
    stream->time_ns = time_ns;
}

void stream_read(struct observation_stream *stream, size_t source, int64_t time_ns,
                 const double *values)
{
    struct stream_source *from = &stream->sources[source];
    double *row;

    if (!stream->begun)
        begin_row(stream, time_ns);
    row = stream->values + stream->held * stream->columns;
    for (size_t i = 0; i < from->count; i++) {
        size_t column = from->columns[i];
        double value = isfinite(values[i]) ? values[i] : (double)NAN;
        bool reset;

        if (column == SIZE_MAX)
            continue;
        row[column] = stream->model->metrics[column].counter
                          ? counter_rate(&stream->counters[column], value, time_ns, &reset)
                          : value;
    }
    from->read = true;
}

/* The row under way becomes one of the window. */
static void keep_row(struct observation_stream *stream)
{
    size_t row = stream->held++;
    int64_t period = stream->model->period_ns;

    stream->times_ns[row] = stream->time_ns;
    stream->sequences[row] = 0;
    if (row > 0)
        stream->sequences[row] =
            stream->sequences[row - 1] +
            (stream->time_ns - stream->times_ns[row - 1] > period + period / 2);
}

/* The window as a timeline of its own. */
static struct dataset_timeline window_of(const struct observation_stream *stream)
{
    return (struct dataset_timeline){
        .rows = stream->held, .values = stream->values, .sequences = stream->sequences};
}

static double score_question(struct observation_stream *stream, size_t question)
{
    struct dataset_timeline timeline = window_of(stream);

    if (!model_score_timeline(stream->model, &timeline, stream->places, stream->held, question,
                              stream->scores))
        return NAN;
    return stream->scores[stream->held - 1];
}

/* As an evaluation's confusion does it: the question that scores highest, if any reaches 0.5. */
static void name_fault(struct observation_stream *stream, struct stream_score *score)
{
    for (size_t question = 1; question < stream->model->question_count; question++) {
        double value = score_question(stream, question);

        if (!(value >= 0.5) || (score->fault_type != NULL && value <= score->fault_score))
            continue;
        score->fault_type = stream->model->questions[question];
        score->fault_score = value;
    }
}

bool stream_score_row(struct observation_stream *stream, struct stream_score *score)
{
    if (!stream->begun)
        return false;
    *score = (struct stream_score){stream->time_ns, NAN, NULL, NAN};
    stream->begun = false;
    for (size_t i = 0; i < stream->source_count; i++)
        stream->sources[i].read = false;
    if (stream->first) {
        /* Counters have no difference yet. */
        stream->first = false;
        return true;
    }
    keep_row(stream);
    score->score = score_question(stream, 0);
    name_fault(stream, score);
    return true;
}

void stream_explain(const struct observation_stream *stream, struct explanation *explanation)
{
    struct dataset_timeline timeline = window_of(stream);
    size_t last = stream->held - 1;
    double *errors;

    *explanation = (struct explanation){.ratio = NAN};
    if (stream->model->detector->errors == NULL || stream->held == 0)
        return;
    errors = memory_new(stream->held * stream->model->preprocess.kept, sizeof *errors);
    model_errors(stream->model, &timeline, stream->places, stream->held, errors);
    explanation_make(stream->model, errors, &last, 1, NULL, explanation);
    free(errors);
}
