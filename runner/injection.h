/*
 * One injection on one target, step by step (the contract: docs/injection-contract.md). The
 * caller decides when; this room decides how. It keeps no thread and writes no database: each
 * step fills a report that the caller records.
 *
 * Whatever dies, the fault is gone by the end of its lease plus 2 s: arm starts the guards on the
 * target before anything is touched.
 */
#ifndef RUNNER_INJECTION_H
#define RUNNER_INJECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "runner/access.h"
#include "runner/campaign.h"
#include "runner/injector.h"

struct injection_request {
    const char *token; /* 8 to 20 of [a-z0-9], unique: names what is made on the target */
    const struct injector *injector;
    double value; /* in the injector's unit; of a profile the first level */
    double most;  /* the highest level that it will be changed to; `value` if it isn't */
    const struct parameter *parameters;
    size_t parameter_count;
    int64_t lease;  /* ns, unscaled: the guards revert this long after the last renewal */
    int64_t length; /* ns: how long it is meant to hold; a bound for the tools' own time-outs */
};

/* A figure that a step measured. */
struct injection_measurement {
    char name[48];
    double value;
    char unit[24];
};

struct injection_report {
    int64_t instant; /* of the step's edge on the target's clock; 0 if the step has none */
    char mechanism[96];
    double achieved; /* NaN if not measured */
    bool took_hold;  /* verify: the fault is really there */
    char detail[320];
    struct injection_measurement measurements[24];
    size_t measurement_count;
};

struct injection;

/* Makes the injection; nothing is sent yet. The access must live longer. */
struct injection *injection_new(struct access *access, const struct injection_request *request);

/* Frees the runner's side only. A fault that is in stays in until its lease ends. */
void injection_free(struct injection *injection);

/* The steps, in their order. ERROR_UNREACHABLE: a tool, privilege or kernel feature is missing or
 * the target is gone; ERROR_NOT_CLEAN: revert or proof failed; ERROR_NOT_AS_BEFORE: what was there
 * before is gone. */
int injection_probe(struct injection *injection, struct injection_report *report,
                    struct error *error);
int injection_arm(struct injection *injection, struct injection_report *report,
                  struct error *error);
/*
 * Has a shell wait on the target for the steps from here on, so that between a command and its edge
 * there is nothing but the fault's own tools. It takes a session of the connection until
 * injection_rest. On an error (not ready within `timeout` ns, say) nothing is lost: steps are then
 * commands of their own, as they are where the shell died.
 */
int injection_ready(struct injection *injection, int64_t timeout, struct error *error);
void injection_rest(struct injection *injection);
int injection_apply(struct injection *injection, struct injection_report *report,
                    struct error *error);
/* The level that injection_change brings it to, in the injector's unit. */
void injection_set_level(struct injection *injection, double value);
/* Whether the undo record is on the target: a reboot takes it away. Asks for `timeout` ns at most.
 */
int injection_has_record(struct injection *injection, int64_t timeout, bool *there,
                         struct error *error);
/* In place of verify, of a fault that ends the connection: once the target is back. */
int injection_returned(struct injection *injection, struct injection_report *report,
                       struct error *error);
/* Changes the fault that is in to another level; the instant is when that had taken hold. Between
 * the two it may be out for a moment. */
int injection_change(struct injection *injection, struct injection_report *report,
                     struct error *error);
int injection_verify(struct injection *injection, struct injection_report *report,
                     struct error *error);
/* Renews the lease and notices a fault that died early (took_hold false). */
int injection_hold(struct injection *injection, struct injection_report *report,
                   struct error *error);
/* Undoes and proves that the target equals its state before; only then the undo record goes. */
int injection_revert(struct injection *injection, struct injection_report *report,
                     struct error *error);
int injection_prove(struct injection *injection, struct injection_report *report,
                    struct error *error);

/* What vnfault left on a target, found without a database. */
struct leftover {
    char token[24];
    char fault_type[48];
    char owner[160]; /* runner that armed it: process and host; "" where nothing says so */
    bool live;       /* its lease or the load still runs: another runner may be at work */
};

/* Lists the undo records on the target. `leftovers` holds at most `capacity`; `*count` is the
 * true number. */
int injection_list_leftovers(struct access *access, struct leftover *leftovers, size_t capacity,
                             size_t *count, struct error *error);

/* Reverts and proves every undo record on the target, and removes what is named as vnfault's even
 * without a record; given up after INJECTION_LONGEST_HEAL (ns). Idempotent. ERROR_NOT_CLEAN if
 * anything stays. */
#define INJECTION_LONGEST_HEAL (120 * CLOCK_SECOND)
int injection_heal(struct access *access, struct text *actions, struct error *error);

#endif
