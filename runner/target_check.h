/*
 * Is each host of a testbed ready for a campaign? Reaches it and looks for all that a run needs,
 * without changing anything on it.
 */
#ifndef RUNNER_TARGET_CHECK_H
#define RUNNER_TARGET_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/campaign.h"
#include "runner/injector.h"
#include "runner/sessions.h"
#include "runner/testbed.h"

/* One thing that was looked at on one host. */
struct target_check {
    char host[96];
    char item[96]; /* 'access', 'clock', 'cpu high', ... */
    bool passed;
    char detail[640]; /* what was found, or what is wrong */
    char hint[320];   /* what to do about it; "" if it passed */
};

struct target_checks {
    struct target_check *items; /* in the order of the testbed's hosts, monitoring hosts last */
    size_t count;
    size_t capacity;
    size_t failed; /* of `count` */
};

struct target_check_setting {
    const struct testbed *testbed;
    const struct campaign *campaign;        /* NULL: whatever any campaign needs */
    const struct injector_table *injectors; /* of the campaign's fault types */
    const struct sessions *sessions;        /* a run's connections; NULL: makes its own */
    struct stop *stop;
};

/*
 * Checks every host, several at a time. The caller frees the table. ERROR_UNREACHABLE if anything
 * failed, with the table filled all the same.
 */
int target_check(const struct target_check_setting *setting, struct target_checks *checks,
                 struct error *error);
void target_checks_free(struct target_checks *checks);

#endif
