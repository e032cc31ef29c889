/* Names of targets in a campaign file, checked against its testbed. */
#ifndef RUNNER_CAMPAIGN_TARGET_H
#define RUNNER_CAMPAIGN_TARGET_H

#include "runner/campaign.h"
#include "runner/element.h"

/* A finding at the attribute if the testbed has no target of that name. */
void campaign_check_target(const struct campaign *campaign, struct element element,
                           const char *attribute, const char *name);

/* The names in the attribute, parted by spaces, each checked and there once. The caller frees list
 * and names. */
char **campaign_read_target_names(const struct campaign *campaign, struct element element,
                                  const char *attribute, size_t *count);

#endif
