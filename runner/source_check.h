/* What one source of a target would give, looked at before a campaign: for `check --targets`. */
#ifndef RUNNER_SOURCE_CHECK_H
#define RUNNER_SOURCE_CHECK_H

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/collector.h"

/*
 * Opens the source by itself and reads it once. Appends what it gives to `found`: how many metrics
 * in which resource groups, how many of them are counters and how many are known now, how long
 * reading took, and when the sample was: how old it is and how far off the clock is that says so,
 * or that the source has no time of its own. ERROR_INPUT, ERROR_UNREACHABLE.
 */
int source_check(const struct collector *collector, const struct collected_source *source,
                 struct stop *stop, struct text *found, struct error *error);

#endif
