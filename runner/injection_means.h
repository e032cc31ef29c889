/*
 * By which means an injection is carried out: an injector's script on a host, or the load driver
 * for a fault in the load. The steps and what they report are those of runner/injection.h.
 */
#ifndef RUNNER_INJECTION_MEANS_H
#define RUNNER_INJECTION_MEANS_H

#include "base/error.h"
#include "runner/campaign.h"
#include "runner/injection.h"
#include "runner/sessions.h"
#include "runner/workload.h"

struct injection_setting {
    struct access *access; /* of the target; of a fault in the load, of the load host */
    struct injection_request request;
    const struct load_plan *load;
    struct workload *workload;        /* NULL where a fault is only probed */
    const struct clock_offset *clock; /* of the host; as `workload` */
};

/* A step of an injection; `state` is what open made. */
typedef int injection_step(void *state, struct injection_report *report, struct error *error);

struct injection_means {
    /* Makes the injection; nothing is sent yet. What the setting points to must live longer, but
     * for the setting itself. */
    void *(*open)(const struct injection_setting *setting);
    injection_step *probe;
    injection_step *arm;
    /* See injection.h; NULL where a step takes no time to begin. */
    int (*ready)(void *state, int64_t timeout, struct error *error);
    void (*rest)(void *state);
    injection_step *apply;
    /* The level that change brings it to, in the injector's unit. */
    void (*set_level)(void *state, double value);
    injection_step *change;
    injection_step *verify;
    injection_step *returned; /* of a fault that ends the connection; NULL where none does */
    injection_step *hold;
    injection_step *revert;
    injection_step *prove;
    /* Frees the runner's side only. */
    void (*close)(void *state);
};

/* By the injector's script on the host that the access leads to. */
extern const struct injection_means injection_by_script;

/* The means of a fault type. */
const struct injection_means *injection_means_of(const struct injector *injector);

#endif
