/* The <profile> of a fault: an intensity that goes through steps. For runner/campaign_fault.c. */
#ifndef RUNNER_CAMPAIGN_PROFILE_H
#define RUNNER_CAMPAIGN_PROFILE_H

#include "runner/campaign.h"
#include "runner/element.h"
#include "runner/injector.h"

/* A value in the unit and range of the fault type, from the attribute; -1 and a finding if it is
 * not, -1 alone if the attribute isn't there or the fault type is not known (NULL). */
double campaign_read_value(struct element element, const char *attribute,
                           const struct injector *injector);

/* Fills in value, steps and text of the intensity; what is wrong is a finding. */
void campaign_read_profile(struct intensity *intensity, struct element element,
                           const struct injector *injector);

/* How long it is injected, ns: all steps of a profile, `held` for a level that is held. */
int64_t intensity_length(const struct intensity *intensity, int64_t held);

#endif
