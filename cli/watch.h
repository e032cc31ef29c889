/* What `vnfault detect` keeps of each model: its stream, whether it raises an alarm, and counts. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/model.h"
#include "analysis/observation_stream.h"
#include "base/error.h"

struct watched {
    struct model *model;
    struct observation_stream *stream;
    const char *target; /* owned by the model */
    bool alarm;
    int64_t alarm_since_ns;
    size_t observations;
    size_t scored;
    size_t alarms; /* how often one began */
};

struct watch {
    struct watched *items;
    size_t count;
    double threshold; /* a score there and above is an alarm */
    bool every;       /* print every observation, not only where an alarm begins or ends */
    bool json;
};

/* Reads the models, a list of files with commas between. Release with watch_close, also after an
 * error. */
int watch_open(const char *paths, struct watch *watch, struct error *error);
void watch_close(struct watch *watch);

/* Ends the row under way of one model, if there is one, and prints what is to be said of it. In a
 * replay, the experiment and the label of the row; else NULL. */
void watch_score(struct watch *watch, struct watched *watched, const char *experiment,
                 const char *label);

/* Prints the counts; ERROR_THRESHOLD if there was an alarm, ERROR_INCONCLUSIVE if a model could
 * score nothing. */
int watch_finish(const struct watch *watch, struct error *error);

#endif
