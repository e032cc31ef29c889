/* `vnfault check --targets`: what was found on the hosts of a testbed, as text or JSON. */
#ifndef CLI_CHECK_TARGETS_H
#define CLI_CHECK_TARGETS_H

#include <jansson.h>

#include "base/error.h"
#include "runner/campaign.h"

/*
 * Reaches every host of the testbed and checks it for the campaign (NULL: for any). Prints one line
 * a check, or, if `summary` is not NULL, adds them to it as 'targets_checked' and prints nothing.
 * ERROR_UNREACHABLE if a host can't be reached or lacks something.
 */
int check_targets(const struct testbed *testbed, const struct campaign *campaign, json_t *summary,
                  struct error *error);

#endif
