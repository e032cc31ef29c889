/* A recorded run, scored as if it came now. */
#ifndef CLI_WATCH_REPLAY_H
#define CLI_WATCH_REPLAY_H

#include "base/stop.h"
#include "cli/watch.h"

/* Every observation of the models' targets in the run, experiment after experiment. */
int watch_replay(struct watch *watch, const char *run, struct stop *stop, struct error *error);

#endif
