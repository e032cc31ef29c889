/* The part of validity.h that judges monitoring. */
#ifndef RUNNER_VALIDITY_MONITORING_H
#define RUNNER_VALIDITY_MONITORING_H

#include "base/text.h"
#include "runner/validity.h"

/*
 * Appends a reason for each source of which a twentieth of the observations or more is missing, or
 * most of what there was of an injection, or of which some could not be written; and a note for
 * each other that has a gap. While a fault has the source's own target away nothing is missing.
 */
void validity_judge_monitoring(const struct evidence *evidence, struct text *reasons,
                               struct text *notes);

#endif
