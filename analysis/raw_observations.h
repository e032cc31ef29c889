/* One target's observations as stored, in memory: what the data set is made from. */
#ifndef ANALYSIS_RAW_OBSERVATIONS_H
#define ANALYSIS_RAW_OBSERVATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/reader.h"

#define LABEL_NORMAL "normal"
/* These are counted and left out of training and scores. */
#define LABEL_RAMP "ramp"
#define LABEL_COOL_DOWN "cool-down"
#define LABEL_ELSEWHERE "elsewhere"
#define LABEL_INVALID "invalid"

/* The fault type that does nothing: its observations are normal, unless another fault may be near.
 */
#define LABEL_NOTHING "none"

/* Whether the label is one of those four. */
bool label_is_left_out(const char *label);

struct raw_metric {
    char *name;
    char *resource_group;
    char *layer; /* 'virtual', 'physical' */
    bool counter;
};

struct raw_set {
    int64_t id;
    size_t metric_count;
    struct raw_metric *metrics;
    size_t metric_capacity;
};

struct raw_row {
    int64_t cell;
    int64_t time_ns;
    size_t set;
    size_t first_value; /* index of its first value */
    size_t label;       /* index of its label's name */
};

struct raw_observations {
    struct raw_row *rows; /* in order of experiment and time */
    size_t row_count;
    size_t row_capacity;
    double *values;
    size_t value_count;
    size_t value_capacity;
    struct raw_set *sets;
    size_t set_count;
    size_t set_capacity;
    /* The five known ones, then fault types. A row has 'invalid' unless its experiment is valid,
     * and 'elsewhere' whatever is near in that scope; 'none' is normal, or elsewhere if its
     * experiment has faults too. */
    char **labels;
    size_t label_count;
    size_t label_capacity;
    int64_t period_ns; /* monitoring period */
};

/* Reads all observations of the target. Free with raw_observations_free, also after an error. */
int raw_observations_read(struct store *store, int64_t target_id, struct raw_observations *raw,
                          struct error *error);
void raw_observations_free(struct raw_observations *raw);

#endif
