/* Writing a run. Ids are row ids of store/schema.sql, where each column is explained. */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "store/store.h"

struct store_run {
    const char *name;
    const char *campaign_path;
    const char *campaign_xml;
    const char *testbed_path;
    const char *testbed_xml;
    const char *time_scale;
    int64_t monitoring_period_ns;
    int64_t cool_down_ns;
    bool faults;
    const char *version;
    int64_t started_ns;
};

struct store_metric {
    const char *name;
    bool counter; /* else a gauge */
    const char *resource_group;
    const char *layer;
    const char *unit;
};

struct store_experiment {
    int64_t cell;
    const char *name;
    const char *fault_type; /* NULL for nominal */
    const char *intensity;  /* NULL for nominal */
    int64_t target_id;      /* 0 for nominal */
    int64_t repetition;
    int64_t started_ns;
};

struct store_injection {
    int64_t experiment_id;
    int64_t target_id; /* 0 of a fault in the load */
    const char *token;
    const char *fault_type;
    const char *intensity;
    double requested;
    const char *unit;
    int64_t lease_ns;
};

struct store_edge {
    const char *kind;
    int64_t target_ns;
    int64_t runner_ns;
    int64_t offset_ns;
    int64_t error_ns;
};

/* One level of a profile. Instants on the runner's clock unless said, 0 while not known. */
struct store_level {
    int64_t position; /* from 1 */
    double requested;
    double achieved; /* NaN while not measured */
    bool phantom;
    int64_t commanded_ns;
    int64_t applied_ns;
    int64_t applied_target_ns; /* on the target's clock */
    int64_t verified_ns;
    int64_t offset_ns;
    int64_t error_ns;
};

struct store_service_count {
    const char *name; /* a cause of failure; of media 'rtp-sent', 'rtp-echoed' */
    int64_t count;    /* calls; packets */
};

struct store_service_response {
    const char *transaction;
    int64_t mean_ns;
    int64_t deviation_ns; /* -1 if not known */
};

struct store_service_sample {
    int64_t experiment_id;
    const char *load_host;
    int64_t window_start_ns;
    int64_t time_ns;
    double offered_rate;
    int64_t calls_created;
    int64_t calls_succeeded;
    int64_t calls_failed;
    int64_t calls_current;
    int64_t retransmissions;
    const struct store_service_count *failures;
    size_t failure_count;
    const struct store_service_response *responses;
    size_t response_count;
    const struct store_service_count *media;
    size_t media_count;
};

/* The one row of the run; state 'running'. Once a database. */
int store_put_run(struct store *store, const struct store_run *run, struct error *error);

/* `state` is 'running', 'complete' or 'interrupted'; `ended_ns` 0 while it runs. */
int store_set_run_state(struct store *store, const char *state, int64_t ended_ns,
                        struct error *error);

/* Sets a fact; a later value takes the place of an earlier one. */
int store_put_fact(struct store *store, const char *subject, const char *name, const char *value,
                   struct error *error);

/* The target's id; a target of that name already there keeps its id (a resumed run). */
int store_put_target(struct store *store, const char *name, const char *role, const char *address,
                     int64_t *id, struct error *error);

/* The id of the set of these metrics in this order; an equal set already there is used again. */
int store_put_metric_set(struct store *store, int64_t target_id, const char *collector,
                         const struct store_metric *metrics, size_t count, int64_t *id,
                         struct error *error);

/* A new attempt at the cell, in state 'running'. */
int store_begin_experiment(struct store *store, const struct store_experiment *experiment,
                           int64_t *id, struct error *error);

/* From when to when its observations and samples count. */
int store_set_measured(struct store *store, int64_t experiment_id, int64_t from_ns,
                       int64_t until_ns, struct error *error);

/* Ends it as 'done' with a verdict; `reason` NULL makes it valid, else invalid. `note`: what else
 * should be known of it, or NULL. */
int store_end_experiment(struct store *store, int64_t experiment_id, int64_t ended_ns,
                         const char *reason, const char *note, struct error *error);

/* Marks every experiment still 'running' as torn; their rows stay for heal and for reports. */
int store_tear_experiments(struct store *store, int64_t ended_ns, const char *reason,
                           struct error *error);

/* A new injection in state 'planned'; before anything is done on the target. */
int store_begin_injection(struct store *store, const struct store_injection *injection, int64_t *id,
                          struct error *error);
int store_set_injection_state(struct store *store, int64_t injection_id, const char *state,
                              const char *detail, struct error *error);
int store_set_injection_mechanism(struct store *store, int64_t injection_id, const char *mechanism,
                                  struct error *error);
/* What verify measured; phantom if it did not take hold. `achieved` NaN if not measured. */
int store_set_injection_achieved(struct store *store, int64_t injection_id, double achieved,
                                 bool phantom, const char *detail, struct error *error);
int store_put_measurement(struct store *store, int64_t injection_id, const char *step,
                          const char *name, double value, const char *unit, struct error *error);
int store_put_edge(struct store *store, int64_t injection_id, const struct store_edge *edge,
                   struct error *error);
/* A later call for the same position takes the place of an earlier one. */
int store_put_level(struct store *store, int64_t injection_id, const struct store_level *level,
                    struct error *error);
int store_put_clock_offset(struct store *store, const char *host, int64_t time_ns,
                           int64_t offset_ns, int64_t error_ns, struct error *error);

/* What happened to a sample of the set besides coming in order and in time; `kind` is one of those
 * of store/schema.sql. Again for the same instant: one more of them. */
int store_put_monitoring_event(struct store *store, int64_t experiment_id, int64_t metric_set_id,
                               int64_t time_ns, const char *kind, const char *detail,
                               struct error *error);

/* `values` has as many doubles as the metric set has metrics; NaN where a value is unknown. */
int store_put_observation(struct store *store, int64_t experiment_id, int64_t metric_set_id,
                          int64_t window_start_ns, int64_t time_ns, const double *values,
                          size_t count, struct error *error);

/* With its failures by cause and its response times. */
int store_put_service_sample(struct store *store, const struct store_service_sample *sample,
                             struct error *error);

/* Writes an intent and makes it durable before it returns. `host` may be NULL, experiment 0. */
int store_begin_action(struct store *store, int64_t experiment_id, const char *host,
                       const char *action, const char *detail, int64_t *id, struct error *error);
/* `outcome` is 'ok' or what went wrong. */
int store_end_action(struct store *store, int64_t id, const char *outcome, struct error *error);

#endif
