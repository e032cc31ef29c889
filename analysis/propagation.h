/* How faults of one target are seen from the others, and whether the first alarm points at the
 * faulty one. */
#ifndef ANALYSIS_PROPAGATION_H
#define ANALYSIS_PROPAGATION_H

#include <stddef.h>

#include "analysis/detection.h"

/* What one target's detector saw of a fault: the verdict and delay of its outcome. */
struct propagation_view {
    enum detection_verdict verdict;
    double delay_s; /* not negative; of no meaning unless found */
};

struct propagation_input {
    size_t target_count;
    size_t fault_count;
    const size_t *faulty;                 /* for each fault, the target that it was on */
    const struct propagation_view *views; /* fault_count x target_count, row-major */
    /* Alarms no further apart count as at the same time: the period of the observations, since
     * targets are not observed at the same instant. */
    double resolution_s;
};

/* Matrices are target_count x target_count, row-major: faults on target i (row) as seen from target
 * j (column). Vectors have one item for each target that faults were on. */
struct propagation {
    size_t target_count;
    size_t *faults;   /* vector */
    size_t *observed; /* matrix: faults on i of which j's verdict is known */
    size_t *seen;     /* matrix: of these, found */
    double *share;    /* matrix: seen / observed; NaN if none is observed */
    double *median_s; /* matrix: median delay of those seen; NaN if none is */
    size_t *first;    /* matrix: j raised the alarm before all others */
    size_t *tied;     /* matrix: j was among several that raised it first */
    size_t *unseen;   /* vector: faults that no target saw */
};

/* Fills `propagation`, freed by propagation_free. ERROR_INPUT, with nothing to free, for a target
 * that isn't there, a delay that is negative or not a number, a resolution that is. */
int propagation_make(const struct propagation_input *input, struct propagation *propagation,
                     struct error *error);
void propagation_free(struct propagation *propagation);

/* Root-cause localisation by first alarm: what the target that alarmed first says about which is
 * faulty. All faults = right + tied + wrong + unseen. */
struct localisation {
    size_t right;  /* the faulty target alarmed first */
    size_t tied;   /* it was first together with others */
    size_t wrong;  /* only others were first */
    size_t unseen; /* nobody alarmed */
};

struct localisation propagation_localise(const struct propagation *propagation);

#endif
