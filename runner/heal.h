/*
 * Healing: undoing whatever vnfault left on the hosts of a testbed, after a crash of the runner
 * say. Needs no run database and no campaign: the targets know what was done to them.
 */
#ifndef RUNNER_HEAL_H
#define RUNNER_HEAL_H

#include "base/error.h"
#include "runner/sessions.h"
#include "runner/testbed.h"

/* What was done on one host, for the user: lines of text, "" if there was nothing to do. */
typedef void heal_listener(void *context, const struct host *host, const char *actions,
                           const struct error *failure);

/*
 * Heals every host that can be reached, then says the worst: ERROR_NOT_CLEAN if anything stays,
 * ERROR_UNREACHABLE if a host could not be reached. With a live run on a host (its lock is held)
 * that host is refused unless `force`.
 */
int heal_testbed(const struct testbed *testbed, bool force, heal_listener *listener, void *context,
                 struct error *error);

/* The same over the open, locked sessions of a run, before its first experiment. */
int heal_sessions(struct sessions *sessions, struct error *error);

#endif
