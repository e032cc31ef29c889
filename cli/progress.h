/* What `vnfault run` shows: a progress line on a terminal, elsewhere a line as each experiment
 * begins; a line for each that is finished, or JSON lines for programs. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

#include "runner/run.h"

/* The listener to give to run_campaign. `json` prints JSON lines instead of text. */
const struct run_listener *progress_listener(bool json);

#endif
