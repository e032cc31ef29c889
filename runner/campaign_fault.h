/* The <faults> of a campaign file. For runner/campaign_matrix.c. */
#ifndef RUNNER_CAMPAIGN_FAULT_H
#define RUNNER_CAMPAIGN_FAULT_H

#include <stdbool.h>

#include "runner/campaign.h"
#include "runner/element.h"
#include "runner/injector.h"

/* Reads each <fault> and checks it against the fault types there are. */
void campaign_read_faults(struct campaign *campaign, struct element faults,
                          const struct injector_table *injectors);

/* Free what they hold. */
void intensity_free(struct intensity *intensity);
void fault_free(struct fault *fault);

/* Whether a fault of the campaign is one of a target. */
bool campaign_needs_targets(const struct campaign *campaign);

#endif
