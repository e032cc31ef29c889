/* Bringing the testbed back to its first state between experiments. */
#ifndef RUNNER_RESET_H
#define RUNNER_RESET_H

#include "base/error.h"
#include "base/stop.h"
#include "runner/campaign.h"
#include "runner/sessions.h"
#include "store/store.h"

/*
 * Resets all targets at once by the campaign's method, journals it, and waits until each answers
 * again with its lock held. A reboot is proven: what was put into the target's /run before it is
 * gone after. ERROR_UNREACHABLE names a target that does not come back.
 */
int reset_targets(struct store *store, const struct reset *reset, struct sessions *sessions,
                  struct error *error);

#endif
