/* Gates: which difference of two runs is a regression (docs/compare.md). */
#ifndef ANALYSIS_GATES_H
#define ANALYSIS_GATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/comparison.h"

/* A name that is NULL is any; a bound that is NaN isn't asked for. */
struct gate {
    size_t figure;
    char *fault_type; /* of a detector's figure the class; "nominal" for experiments without
                         injection */
    char *intensity;
    char *target;
    bool together; /* the groups that it is of are judged as one, else each by itself */
    bool higher_is_worse;
    double absolute;      /* shares of 1, seconds: worse by more than this, */
    double relative;      /* by more than this part of the base, */
    double significance;  /* and with a p, corrected for all tests of gates, of this at most */
    uint64_t experiments; /* valid ones that either side needs of each group */
    int line;             /* of its file */
};

struct gates {
    struct gate *items;
    size_t count;
    size_t capacity;
};

void gates_free(struct gates *gates);

enum gate_outcome { GATE_PASSED, GATE_REGRESSION, GATE_UNJUDGED, GATE_OUTCOMES };

extern const char *const gate_outcome_names[GATE_OUTCOMES]; /* 'passed', 'regression', 'unjudged' */

/* What became of a gate at one group, or at all of its groups together. */
struct gate_verdict {
    const struct gate *gate;
    struct compared_row
        row; /* strings are the comparison's or the gate's; `corrected_p` is for the gates' tests */
    enum gate_outcome outcome;
    char *why; /* of an unjudged one; NULL else */
};

struct gate_verdicts {
    struct gate_verdict *items; /* in the order of gates */
    size_t count;
    size_t capacity;
};

/*
 * Judges every gate. A gate of which a regression could not be told from chance, or that is of
 * nothing in both runs, is unjudged, whatever was measured: it never passes for want of
 * experiments. p values are corrected by Holm for those tests that are judged; which these are
 * follows from numbers of experiments alone. Free with gate_verdicts_free.
 */
void gates_judge(const struct gates *gates, const struct comparison *comparison,
                 struct gate_verdicts *verdicts);
void gate_verdicts_free(struct gate_verdicts *verdicts);

/* Number of verdicts with the outcome. */
size_t gate_verdicts_count(const struct gate_verdicts *verdicts, enum gate_outcome outcome);

#endif
