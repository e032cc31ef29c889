/* The parts of a campaign file, one function each. For runner/campaign.c. */
#ifndef RUNNER_CAMPAIGN_PARTS_H
#define RUNNER_CAMPAIGN_PARTS_H

#include "runner/campaign.h"
#include "runner/element.h"
#include "runner/injector.h"

/* Each takes the <campaign> element, fills its part of the campaign and adds findings. The
 * campaign's testbed is NULL where it can't be read: then nothing is checked against it. */
void campaign_read_load(struct campaign *campaign, struct element root);
void campaign_read_timeline(struct campaign *campaign, struct element root);
void campaign_read_matrix(struct campaign *campaign, struct element root,
                          const struct injector_table *injectors);

/* The rate of the <load> element over time: its <profile>, beside its attribute 'rate'. */
void campaign_read_load_profile(struct load_plan *load, struct element element);

/* Checks that the scenario folder of the <load> element holds well-formed SIPp scenarios. */
void campaign_check_scenario(const char *folder, struct element load);

#endif
