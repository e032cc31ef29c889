/* A series of scores in the making of its figures: where its experiments are. */
#ifndef ANALYSIS_DETECTION_SERIES_H
#define ANALYSIS_DETECTION_SERIES_H

#include "analysis/detection.h"

/* The observations of an experiment: `from` to before `until`. */
struct detection_span {
    int64_t experiment;
    size_t from;
    size_t until;
};

struct detection_series {
    const struct detection_input *input;
    struct detection_span *spans; /* by rising experiment */
    size_t span_count;
};

/* Checks all that detection_make wants of its input. Free with detection_series_free. */
int detection_series_open(const struct detection_input *input, struct detection_series *series,
                          struct error *error);
void detection_series_free(struct detection_series *series);

/* The observations of a fault's experiment; an empty span if it has none. */
struct detection_span detection_span_of(const struct detection_series *series,
                                        const struct detection_fault *fault);

/* At or above the threshold; false without a score. */
bool detection_alarmed(const struct detection_input *input, size_t observation);

/* From the applied edge to the gone edge. */
bool detection_within(const struct detection_fault *fault,
                      const struct detection_observation *observation);

#endif
