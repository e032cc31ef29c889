/*
 * Reading a run. Strings and vectors handed to a callback live until it returns. A callback
 * returns 0 to go on, or -1 to end the reading with the error it set.
 */
#ifndef STORE_READER_H
#define STORE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/store.h"
#include "store/writer.h"

struct stored_run {
    char *name;
    char *campaign_path;
    char *campaign_xml;
    char *testbed_path;
    char *testbed_xml;
    char *time_scale;
    char *version;
    char *state;
    int64_t monitoring_period_ns;
    int64_t cool_down_ns;
    int64_t started_ns;
    int64_t ended_ns; /* 0 while it runs */
    bool faults;
};

struct stored_target {
    int64_t id;
    const char *name;
    const char *role;
    const char *address;
};

/* The last attempt at each cell; torn attempts that were tried again are left out. */
struct stored_experiment {
    int64_t id;
    int64_t cell;
    int64_t attempt;
    const char *name;
    const char *fault_type; /* NULL for nominal */
    const char *intensity;
    const char *target; /* name; NULL for nominal */
    int64_t repetition;
    const char *state;
    int64_t started_ns;
    int64_t measured_from_ns;
    int64_t measured_until_ns;
    int64_t ended_ns;
    const char *verdict; /* NULL while running */
    const char *reason;  /* NULL if none */
    const char *note;    /* NULL if none */
};

struct stored_injection {
    int64_t id;
    int64_t experiment_id;
    const char *experiment;
    const char *target; /* 'load' of a fault in the load */
    bool in_load;       /* it is in the load: every target's own */
    const char *token;
    const char *fault_type;
    const char *intensity;
    double requested;
    double achieved; /* NaN if not measured */
    const char *unit;
    const char *mechanism; /* NULL if not known */
    const char *state;
    bool phantom;
    const char *detail;
    int64_t lease_ns;
    /* Edges on the runner's clock; 0 where there is none. */
    int64_t start_commanded_ns;
    int64_t applied_ns;
    int64_t verified_ns;
    int64_t end_commanded_ns;
    int64_t gone_ns;
    int64_t edge_error_ns; /* the largest error bound of its edges */
};

/* Label of an observation: docs/labels.md; the view observation_label. */
struct stored_observation {
    int64_t id;
    int64_t experiment_id;
    int64_t cell;
    int64_t metric_set_id;
    int64_t window_start_ns;
    int64_t time_ns;
    const char *label;        /* 'normal', a fault type, 'ramp', 'cool-down', 'invalid' */
    const char *scope;        /* 'own', also of a fault in the load, 'elsewhere', or 'none' */
    const char *intensity;    /* of the injection the label comes from; NULL if none */
    const char *fault_target; /* name of its target; NULL if none, or if it is in the load */
    const double *values;
    size_t value_count;
};

/* Fills `run`, whose strings the caller frees with stored_run_free. */
int store_read_run(struct store *store, struct stored_run *run, struct error *error);
void stored_run_free(struct stored_run *run);

typedef int store_target_callback(const struct stored_target *target, void *context,
                                  struct error *error);
int store_each_target(struct store *store, store_target_callback *callback, void *context,
                      struct error *error);

typedef int store_fact_callback(const char *subject, const char *name, const char *value,
                                void *context, struct error *error);
int store_each_fact(struct store *store, store_fact_callback *callback, void *context,
                    struct error *error);

/* The metric sets by id: of which target, from which collector. */
typedef int store_metric_set_callback(int64_t id, int64_t target_id, const char *collector,
                                      void *context, struct error *error);
int store_each_metric_set(struct store *store, store_metric_set_callback *callback, void *context,
                          struct error *error);

/* The metrics of a set in the order of its vectors. */
typedef int store_metric_callback(size_t position, const struct store_metric *metric, void *context,
                                  struct error *error);
int store_each_metric(struct store *store, int64_t metric_set_id, store_metric_callback *callback,
                      void *context, struct error *error);

typedef int store_experiment_callback(const struct stored_experiment *experiment, void *context,
                                      struct error *error);
int store_each_experiment(struct store *store, store_experiment_callback *callback, void *context,
                          struct error *error);

/* All injections, those of torn attempts too. */
typedef int store_injection_callback(const struct stored_injection *injection, void *context,
                                     struct error *error);
int store_each_injection(struct store *store, store_injection_callback *callback, void *context,
                         struct error *error);

/* The levels of injections whose intensity is a profile, in their order. */
typedef int store_level_callback(int64_t injection_id, const struct store_level *level,
                                 void *context, struct error *error);
int store_each_level(struct store *store, store_level_callback *callback, void *context,
                     struct error *error);

/* The observations of one target in order of experiment and time, with their labels. */
typedef int store_observation_callback(const struct stored_observation *observation, void *context,
                                       struct error *error);
int store_each_observation(struct store *store, int64_t target_id,
                           store_observation_callback *callback, void *context,
                           struct error *error);

/* Service samples of last attempts in order of experiment and time. */
typedef int store_service_callback(const struct store_service_sample *sample, void *context,
                                   struct error *error);
int store_each_service_sample(struct store *store, store_service_callback *callback, void *context,
                              struct error *error);

/* True through `done` if the cell needs no further attempt: it has one in state 'done', which must
 * be valid too if `valid_only`. */
int store_cell_done(struct store *store, int64_t cell, bool valid_only, bool *done,
                    struct error *error);

#endif
