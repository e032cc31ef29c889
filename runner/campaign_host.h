/* Names of hosts in a campaign file, checked against its testbed. */
#ifndef RUNNER_CAMPAIGN_HOST_H
#define RUNNER_CAMPAIGN_HOST_H

#include "runner/campaign.h"
#include "runner/element.h"

/* A finding at the attribute if the testbed has no host of that kind and name. */
void campaign_check_host(const struct campaign *campaign, struct element element,
                         const char *attribute, const char *name, enum host_kind kind);

/* The names of hosts of that kind in the attribute, parted by spaces, each checked and there once.
 * Free with words_free. */
char **campaign_read_hosts(const struct campaign *campaign, struct element element,
                           const char *attribute, enum host_kind kind, size_t *count);

#endif
