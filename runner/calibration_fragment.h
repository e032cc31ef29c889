/*
 * What a calibration found as a piece of a campaign file, to be taken in by XInclude: a <load> with
 * the rate, else the campaign's own; or <faults> with the highest intensity of each fault that
 * holds on each of its targets.
 */
#ifndef RUNNER_CALIBRATION_FRAGMENT_H
#define RUNNER_CALIBRATION_FRAGMENT_H

#include "base/error.h"
#include "runner/calibration.h"

/* ERROR_INPUT if no file can be written there: better known before hours of measuring. */
int calibration_fragment_check(const char *path, struct error *error);

/*
 * Writes the piece, whole or not at all. `campaign` is the one that was calibrated, `profile` the
 * load profile that was taken out of it, or NULL, `folder` that of the run, for the comment. Faults
 * of which nothing was found are left out; ERROR_INCONCLUSIVE if nothing is left.
 */
int calibration_fragment_write(const char *path, const struct campaign *campaign,
                               const struct load_profile *profile, const char *folder,
                               const struct calibration_findings *findings, struct error *error);

#endif
