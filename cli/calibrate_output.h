/* What `vnfault calibrate` shows: a progress line on a terminal, a line for each step and for what
 * was found, or JSON lines for programs. */
#ifndef CLI_CALIBRATE_OUTPUT_H
#define CLI_CALIBRATE_OUTPUT_H

#include <stdbool.h>

#include "runner/calibration.h"

/* The listener to give to calibrate. `json` prints JSON lines instead of text. */
const struct calibration_listener *calibrate_listener(bool json);

#endif
