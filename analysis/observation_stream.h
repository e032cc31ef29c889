/*
 * Observations as they come, scored one at a time by a saved model: what `vnfault detect` does on a
 * running testbed. Rows are made as the data set makes them (analysis/dataset.h): counters become
 * rates, sources that are read at the same instant make one row, and a gap of more than one and a
 * half monitoring periods ends the window of a detector that looks at neighbours.
 */
#ifndef ANALYSIS_OBSERVATION_STREAM_H
#define ANALYSIS_OBSERVATION_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/explanation.h"
#include "analysis/model.h"

struct observation_stream;

struct stream_metric {
    const char *name;
    bool counter;
};

struct stream_score {
    int64_t time_ns;
    double score;           /* binary; NaN if there is none yet */
    const char *fault_type; /* what it looks most like; NULL if the model knows no types */
    double fault_score;
};

/* The model outlives the stream. Free with stream_free. */
struct observation_stream *stream_new(const struct model *model);
void stream_free(struct observation_stream *stream);

/* Another source, of `count` metrics; one that the model doesn't know is passed over. Returns the
 * source's number. */
size_t stream_add_source(struct observation_stream *stream, const struct stream_metric *metrics,
                         size_t count);

/* ERROR_INPUT naming the first metric of the model that no source has. */
int stream_check(const struct observation_stream *stream, struct error *error);

/* Whether what a source says at this time is part of the row under way. */
bool stream_belongs(const struct observation_stream *stream, size_t source, int64_t time_ns);

/* A source's values, NaN where one is unknown; begins a row if none is under way. */
void stream_read(struct observation_stream *stream, size_t source, int64_t time_ns,
                 const double *values);

/* Ends the row under way and scores it. Returns false if there is none. */
bool stream_score_row(struct observation_stream *stream, struct stream_score *score);

/* Where the error of the row scored last comes from; empty for a model that does not reconstruct.
 * Free with explanation_free. */
void stream_explain(const struct observation_stream *stream, struct explanation *explanation);

/* Forgets counters and neighbours, as at the beginning of an experiment. */
void stream_restart(struct observation_stream *stream);

#endif
