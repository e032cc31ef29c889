/* A testbed that runs, scored period by period. */
#ifndef CLI_WATCH_LIVE_H
#define CLI_WATCH_LIVE_H

#include <stdint.h>

#include "base/stop.h"
#include "cli/watch.h"

/*
 * Reads the models' targets every `period_ns` (0: the period the first model was trained with)
 * until the stop is asked for or `duration_ns` (0: no end) is over. A source that can't be read is
 * named once and tried again each period.
 */
int watch_live(struct watch *watch, const char *testbed_path, int64_t period_ns,
               int64_t duration_ns, struct stop *stop, struct error *error);

#endif
