/* Campaign files that have to be good, and their plans. */
#ifndef TESTS_UNIT_GOOD_CAMPAIGN_H
#define TESTS_UNIT_GOOD_CAMPAIGN_H

#include "runner/campaign.h"
#include "runner/plan.h"

/* Prints the findings and fails if it has any. `testbed` is another testbed file, or NULL. */
struct campaign *good_campaign_read(const char *path, const char *testbed);

/* At the time scale 1/denominator. Fails if it can't be planned. */
struct plan *good_campaign_plan(const struct campaign *campaign, int64_t denominator);

#endif
