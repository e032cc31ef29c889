/*
 * What a detector's scores come to over time at a threshold: which faults are found and how soon,
 * how long the alarm stays, false alarms, precision and recall. Pure functions of what is given.
 */
#ifndef ANALYSIS_DETECTION_H
#define ANALYSIS_DETECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What an observation is, by its label (docs/labels.md). */
enum detection_kind {
    DETECTION_NOMINAL,  /* no fault is near */
    DETECTION_FAULT,    /* wholly inside a fault */
    DETECTION_LEFT_OUT, /* ramp, cool-down, or what else is not to be judged */
};

/* A score and when it was known. Instants and periods in ns, not negative. */
struct detection_observation {
    int64_t experiment;
    int64_t time_ns;   /* end of the observation's window */
    int64_t period_ns; /* length of the window */
    double score;      /* higher is more anomalous; NaN is no score, as if nothing were there */
    enum detection_kind kind;
};

/* When a fault was there. The instants do not fall in this order. */
struct detection_fault {
    int64_t experiment;
    int64_t applied_ns;
    int64_t gone_ns;
    int64_t cool_down_end_ns;
};

/* One series of scores. The observations of an experiment stand together and their times rise; the
 * faults are in any order and those of an experiment may overlap. The caller's. */
struct detection_input {
    const struct detection_observation *observations;
    size_t observation_count;
    const struct detection_fault *faults;
    size_t fault_count;
    double threshold; /* a score at it or above is an alarm */
};

enum detection_verdict {
    DETECTION_UNKNOWN, /* no score from the applied edge to the gone edge */
    DETECTION_MISSED,
    DETECTION_FOUND, /* an alarm from the applied edge to the gone edge, in a ramp too */
};

struct detection_outcome {
    enum detection_verdict verdict;
    double delay_s; /* from the applied edge to the first alarm; NaN if none */
    /* The last score before the applied edge was an alarm: the delay says little. */
    bool alarmed_before;
    /* From the gone edge to the last score of the last alarm that has a part between the applied
     * edge and the end of the cool-down, and at most to the next fault of the experiment; 0 if
     * that was before the gone edge; NaN if the fault is not found. */
    double stays_s;
    bool still_alarmed; /* no score without alarm came after that: it may have stayed longer */
};

/* Scored observations of kind nominal and fault. NaN where there is nothing to divide by. */
struct detection_quality {
    size_t true_positives;
    size_t false_positives;
    size_t false_negatives;
    size_t true_negatives;
    double precision;
    double recall;
    double f1; /* 2 TP / (2 TP + FP + FN) */
};

struct detection {
    struct detection_outcome *outcomes; /* one a fault, in the order of the input */
    size_t found;
    size_t missed;
    size_t unknown;
    /* Alarms are runs of scores at or above the threshold within one experiment; false are those
     * of nominal observations alone. */
    size_t alarms;
    size_t false_alarms;
    double nominal_s;            /* sum of the periods of scored nominal observations */
    double false_alarms_per_day; /* of nominal running; NaN without any */
    struct detection_quality plain;
    /*
     * A fault with an alarm at one of its observations counts all of them as found (Xu et al.,
     * Unsupervised Anomaly Detection via Variational Auto-Encoder for Seasonal KPIs, WWW 2018).
     * Known to be far too kind: random scores reach a high F1 by it (Kim et al., Towards a
     * Rigorous Evaluation of Time-series Anomaly Detection, AAAI 2022). Show it beside `plain`.
     */
    struct detection_quality point_adjusted;
};

/*
 * Fills `detection`, which is freed by detection_free. ERROR_INPUT, with nothing to free, if the
 * input is not as described above: times that do not rise, a threshold that is NaN, an experiment
 * in two places, a fault observation in no fault, a nominal one from an applied edge to the end of
 * a cool-down.
 */
int detection_make(const struct detection_input *input, struct detection *detection,
                   struct error *error);
void detection_free(struct detection *detection);

/*
 * The threshold that leaves the share `share` (0 to 1; SYRROCA: 0.99) of the nominal scores below
 * it, interpolated as numpy.quantile does by default. NaN is no score. ERROR_INCONCLUSIVE without
 * any score, ERROR_INPUT for an infinite one or another share.
 */
int detection_threshold(const double *scores, size_t count, double share, double *threshold,
                        struct error *error);

#endif
