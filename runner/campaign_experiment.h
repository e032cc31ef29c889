/* The <experiments> of a campaign's matrix: written out or drawn at random, with several injections
 * each. For runner/campaign_matrix.c. */
#ifndef RUNNER_CAMPAIGN_EXPERIMENT_H
#define RUNNER_CAMPAIGN_EXPERIMENT_H

#include "runner/campaign.h"
#include "runner/element.h"

/* Reads them and checks them against the campaign's faults, testbed and timeline. */
void campaign_read_experiments(struct campaign *campaign, struct element experiments);

void campaign_experiment_free(struct campaign_experiment *experiment);
void random_experiments_free(struct random_experiments *random);

#endif
