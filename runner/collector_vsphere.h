/* The parts of the vSphere collector: VMs of one vCenter that are read together, as one user. */
#ifndef RUNNER_COLLECTOR_VSPHERE_H
#define RUNNER_COLLECTOR_VSPHERE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/collector.h"
#include "runner/vsphere_catalogue.h"
#include "runner/vsphere_inventory.h"
#include "runner/vsphere_performance.h"
#include "runner/vsphere_session.h"

/* One source. Instants are of the server's clock. */
struct vsphere_machine {
    const struct host *target;
    const char *name;                   /* by which it is looked for: name or inventory path */
    struct vsphere_reference reference; /* none while it isn't found */
    struct vsphere_state state;
    struct vsphere_series_list series; /* those that the catalogue knows */
    struct store_metric *metrics;      /* one a series */
    size_t answered;                   /* series in its last answer */
    int64_t last;                      /* its newest sample that was given; 0: none yet */
    int64_t heard;                     /* when it last had a sample, or began to be read */
    bool is_stale;                     /* its series are to be asked for anew */
    bool is_due;                       /* in this reading: neither given nor missed yet */
};

struct vsphere_group {
    struct vsphere_session *session;
    struct vsphere_catalogue catalogue;
    struct vsphere_machine *machines;
    size_t count;
    int64_t interval; /* of real-time samples, seconds */
    struct vsphere_clock clock;
};

/* Finds those that aren't. A machine that is found anew has no samples yet. What isn't there is no
 * error: its reference stays none, and `found` tells how many bear its name. */
int vsphere_group_find(struct vsphere_group *group, size_t *found, struct error *error);

/* The error of a machine that was looked for, where not just one bears its name. */
int vsphere_not_found(const struct vsphere_machine *machine, size_t found, struct error *error);

/* Takes over what the machine is like now; what moved, was changed or was off has other series.
 * ERROR_UNREACHABLE unless it is on. */
int vsphere_machine_check(struct vsphere_machine *machine, const struct vsphere_state *state,
                          struct error *error);

/*
 * Asks for the machine's series. Where they are others than before `*is_changed` becomes true, and
 * `was` holds the former ones, to be released with vsphere_machine_clear.
 */
int vsphere_machine_list(struct vsphere_group *group, struct vsphere_machine *machine,
                         struct vsphere_machine *was, bool *is_changed, struct error *error);

/* Frees its series and metrics. */
void vsphere_machine_clear(struct vsphere_machine *machine);

/* One metric a series, in their order; series that the catalogue doesn't know are taken out of the
 * list. Caller frees with vsphere_metrics_free. */
struct store_metric *vsphere_metrics(const struct vsphere_catalogue *catalogue,
                                     struct vsphere_series_list *series);
void vsphere_metrics_free(struct store_metric *metrics, size_t count);

/* The collector's read. */
void vsphere_group_read(void *state, const struct collector_reading *reading);

#endif
