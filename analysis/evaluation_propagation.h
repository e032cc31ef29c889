/* How faults of one target are seen from the others, from what each target's evaluation says. */
#ifndef ANALYSIS_EVALUATION_PROPAGATION_H
#define ANALYSIS_EVALUATION_PROPAGATION_H

#include "analysis/evaluation.h"

/*
 * Fills the propagation of an evaluation whose targets are done. Alarms within `period_s` of each
 * other count as at the same time, since targets are not observed at the same instant. There is
 * none of fewer than two targets with a split by experiment.
 */
void evaluation_propagation(struct evaluation *evaluation, double period_s);

#endif
