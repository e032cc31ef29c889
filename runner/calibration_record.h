/* What one experiment of a calibration measured, read back from the run database: what is
 * concluded can be computed again from what is kept. */
#ifndef RUNNER_CALIBRATION_RECORD_H
#define RUNNER_CALIBRATION_RECORD_H

#include <stdint.h>

#include "base/error.h"
#include "runner/calibration_level.h"
#include "store/store.h"

/*
 * Reads the experiment of that cell. Without an injection the windows of its measured duration
 * count; with one those from `settling` ns after the fault took hold (calls fail up to so long
 * after their cause) to the command of its end. An invalid experiment is a refused measurement with
 * the experiment's reason. The windows are the caller's to free.
 */
int calibration_record_read(struct store *store, int64_t cell, int64_t settling,
                            struct calibration_measurement *measurement, struct error *error);

#endif
