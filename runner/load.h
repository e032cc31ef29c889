/*
 * Load drivers: what calls the VNF and counts how it answers. A family: each is one file with a
 * struct load_driver and one line in the table of runner/load.c.
 */
#ifndef RUNNER_LOAD_H
#define RUNNER_LOAD_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/access.h"
#include "runner/campaign.h"
#include "store/writer.h"

/* Called for each window of service metrics, from the thread that runs the load. Several callers
 * have windows of their own: what they count is summed up where it is read. The sample's
 * experiment_id is 0: the callee fills it in. */
typedef int load_sample_callback(const struct store_service_sample *sample, void *context,
                                 struct error *error);

struct load_setting {
    const struct load_plan *plan;
    int64_t call_duration;         /* that of the plan with the time scale, ns */
    struct access *const *callers; /* of the plan's hosts, in their order */
    struct access *const *callees;
    const char *folder; /* on this machine: logs and raw statistics of the load go there */
};

/* What one load driver does. `state` is its own. */
struct load_driver {
    const char *name; /* as in the campaign file */
    const char *summary;
    /* Checks scenario, tools and subscribers; changes nothing on the load hosts. ERROR_INPUT for a
     * missing or malformed scenario, ERROR_UNREACHABLE for a missing tool. */
    int (*open)(const struct load_setting *setting, void **state, struct error *error);
    /* Version of the generator on that caller, for the record ('SIPp v3.6.1'); owned by the state.
     */
    const char *(*version)(void *state, size_t caller);
    /* Makes the service ready after a reset: sends the files, registers the callees, makes a few
     * calls and sees them succeed. ERROR_INCONCLUSIVE if the service does not answer properly. */
    int (*prepare)(void *state, struct stop *stop, struct error *error);
    /* About how long that takes, ns, where the service is well. */
    int64_t (*preparation)(const struct load_plan *plan);
    /* Starts callees and callers, which make so many calls per second together. */
    int (*start)(void *state, double rate, struct error *error);
    /* Runs until `until` (runner's clock) or `stop`, handing on each window's sample. An early
     * end of the generator is ERROR_INCONCLUSIVE that says how it ended. */
    int (*run)(void *state, int64_t until, struct stop *stop, load_sample_callback *callback,
               void *context, struct error *error);
    /* By what a running load is told of another rate, for the record ('SIPp's control port'). */
    const char *control;
    /* Whether that could be done from this host; nothing needs to run there. ERROR_UNREACHABLE
     * names what is missing. */
    int (*check_control)(struct access *access, struct error *error);
    /* Tells the callers that run to make so many calls per second together. Whether and when they
     * do is seen in the samples. Allowed while another thread is in `run`. */
    int (*set_rate)(void *state, double rate, struct error *error);
    /* Ends callers and callees, the hard way if they don't end by themselves, and proves that
     * neither runs on. Allowed at any time after open. */
    int (*stop)(void *state, struct error *error);
    void (*close)(void *state);
};

/* The driver of that name in a campaign file, or NULL; and all names, in the order of the table. */
const struct load_driver *load_driver_find(const char *name);
const char *const *load_driver_names(size_t *count);

#endif
