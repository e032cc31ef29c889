#include "analysis/observation_stream.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/counter_rate.h"
#include "analysis/pipeline_resample.h"
#include "base/memory.h"

struct stream_source {
    size_t count;
    size_t *columns; /* per metric: the model's column, or SIZE_MAX */
    bool read;       /* part of the row under way */
};

struct observation_stream {
    const struct model *model;
    size_t columns; /* as they are read: before features are derived */
    struct stream_source *sources;
    size_t source_count;
    size_t source_capacity;
    struct counter_state *counters; /* per column */
    bool first;                     /* no row was ended since the start */
    bool begun;
    int64_t time_ns;
    double *row; /* the one under way */
    struct resample_sums sums;
    int64_t first_ns; /* where periods of resampling begin */
    int64_t period;   /* number of the one under way */
    int64_t ended_ns; /* time of the last row that is in it */
    /* The last rows: as many as the detector and derived features look at. */
    size_t window;
    size_t held;
    double *values;    /* (window x columns) */
    double *derived;   /* (window x columns * factor) */
    int64_t *periods;  /* per row, with resampling: the period's number */
    int64_t *times_ns; /* per row */
    size_t *sequences; /* per row */
    size_t *places;    /* 0, 1, 2, ... */
    double *scores;    /* per row */
};

struct observation_stream *stream_new(const struct model *model)
{
    struct observation_stream *stream = memory_new(1, sizeof *stream);
    const struct detector *detector = model->detector;
    size_t factor = pipeline_factor(&model->pipeline);

    stream->model = model;
    stream->columns = model->preprocess.columns / factor;
    stream->window = (detector->window != NULL ? detector->window(model->state) : 1) +
                     pipeline_history(&model->pipeline);
    stream->row = memory_new(stream->columns, sizeof(double));
    resample_open(&stream->sums, stream->columns);
    stream->counters = memory_new(stream->columns, sizeof *stream->counters);
    stream->values = memory_new(stream->window * stream->columns, sizeof(double));
    stream->derived = memory_new(stream->window * stream->columns * factor, sizeof(double));
    stream->periods = memory_new(stream->window, sizeof(int64_t));
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
    free(stream->row);
    resample_close(&stream->sums);
    free(stream->values);
    free(stream->derived);
    free(stream->periods);
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
    stream->period = 0;
    if (stream->sums.rows > 0)
        resample_take(&stream->sums, stream->row);
    for (size_t i = 0; i < stream->columns; i++)
        stream->counters[i].value = NAN;
    for (size_t i = 0; i < stream->source_count; i++)
        stream->sources[i].read = false;
}

static size_t column_of(const struct observation_stream *stream, const struct stream_metric *metric)
{
    const struct model *model = stream->model;

    for (size_t i = 0; i < stream->columns; i++) {
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
        source.columns[i] = column_of(stream, &metrics[i]);
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

static void begin_row(struct observation_stream *stream, int64_t time_ns)
{
    for (size_t i = 0; i < stream->columns; i++)
        stream->row[i] = NAN;
    stream->begun = true;
    stream->time_ns = time_ns;
}

void stream_read(struct observation_stream *stream, size_t source, int64_t time_ns,
                 const double *values)
{
    struct stream_source *from = &stream->sources[source];

    if (!stream->begun)
        begin_row(stream, time_ns);
    for (size_t i = 0; i < from->count; i++) {
        size_t column = from->columns[i];
        double value = isfinite(values[i]) ? values[i] : (double)NAN;
        bool reset;

        if (column == SIZE_MAX)
            continue;
        stream->row[column] = stream->model->metrics[column].counter
                                  ? counter_rate(&stream->counters[column], value, time_ns, &reset)
                                  : value;
    }
    from->read = true;
}

/* Makes room for a row at the end of the window. */
static size_t make_room(struct observation_stream *stream)
{
    size_t kept = stream->held - 1;

    if (stream->held < stream->window)
        return stream->held++;
    memmove(stream->values, stream->values + stream->columns,
            kept * stream->columns * sizeof *stream->values);
    memmove(stream->periods, stream->periods + 1, kept * sizeof *stream->periods);
    memmove(stream->times_ns, stream->times_ns + 1, kept * sizeof *stream->times_ns);
    memmove(stream->sequences, stream->sequences + 1, kept * sizeof *stream->sequences);
    return kept;
}

/* Whether the row is no neighbour of the one before it in the window. */
static bool is_apart(const struct observation_stream *stream, size_t row)
{
    int64_t period = stream->model->period_ns;

    if (stream->model->pipeline.resample_ns > 0)
        return stream->periods[row] > stream->periods[row - 1] + 1;
    return stream->times_ns[row] - stream->times_ns[row - 1] > period + period / 2;
}

/* `row` becomes the window's last. */
static void keep_row(struct observation_stream *stream, const double *row, int64_t time_ns)
{
    size_t at = make_room(stream);

    memcpy(stream->values + at * stream->columns, row, stream->columns * sizeof *row);
    stream->times_ns[at] = time_ns;
    stream->periods[at] = stream->period;
    stream->sequences[at] = at == 0 ? 0 : stream->sequences[at - 1] + is_apart(stream, at);
    pipeline_derive(&stream->model->pipeline, stream->values, stream->held, stream->columns,
                    stream->sequences, stream->derived);
}

/* The mean of the period under way becomes the window's last row. Returns false if there is none.
 */
static bool keep_period(struct observation_stream *stream)
{
    double *means;

    if (stream->sums.rows == 0)
        return false;
    means = memory_new(stream->columns, sizeof *means);
    resample_take(&stream->sums, means);
    keep_row(stream, means, stream->ended_ns);
    free(means);
    return true;
}

/* Adds the row under way to its period. Returns true if that is a new one, and the one before it
 * has become a row of the window. */
static bool add_to_period(struct observation_stream *stream)
{
    int64_t length = stream->model->pipeline.resample_ns;
    bool ended = false;
    int64_t period;

    if (stream->sums.rows == 0 && stream->held == 0)
        stream->first_ns = stream->time_ns;
    period = (stream->time_ns - stream->first_ns) / length;
    if (period != stream->period)
        ended = keep_period(stream);
    stream->period = period;
    stream->ended_ns = stream->time_ns;
    resample_add(&stream->sums, stream->row);
    return ended;
}

/* The window as a timeline of its own. */
static struct dataset_timeline window_of(const struct observation_stream *stream)
{
    return (struct dataset_timeline){
        .rows = stream->held, .values = stream->derived, .sequences = stream->sequences};
}

static double score_question(struct observation_stream *stream, size_t question)
{
    struct dataset_timeline timeline = window_of(stream);

    if (!model_score_timeline(stream->model, &timeline, stream->places, stream->held, question,
                              stream->scores))
        return NAN;
    return stream->scores[stream->held - 1];
}

/* The fault type that scores highest, the first of equals. */
static void name_fault(struct observation_stream *stream, struct stream_score *score)
{
    for (size_t question = 1; question < stream->model->question_count; question++) {
        double value = score_question(stream, question);

        if (isnan(value) || (score->fault_type != NULL && value <= score->fault_score))
            continue;
        score->fault_type = stream->model->questions[question];
        score->fault_score = value;
    }
}

/* Ends the row under way. Returns whether the window has a new row. */
static bool end_row(struct observation_stream *stream)
{
    stream->begun = false;
    for (size_t i = 0; i < stream->source_count; i++)
        stream->sources[i].read = false;
    if (stream->first) {
        /* Counters have no difference yet. */
        stream->first = false;
        return false;
    }
    if (stream->model->pipeline.resample_ns > 0)
        return add_to_period(stream);
    keep_row(stream, stream->row, stream->time_ns);
    return true;
}

bool stream_score_row(struct observation_stream *stream, struct stream_score *score)
{
    if (!stream->begun)
        return false;
    *score = (struct stream_score){stream->time_ns, NAN, NULL, NAN};
    if (!end_row(stream))
        return true;
    score->time_ns = stream->times_ns[stream->held - 1];
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
