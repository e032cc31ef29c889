/* Whether a run kept the service level that its campaign states. */
#ifndef ANALYSIS_SERVICE_LEVEL_H
#define ANALYSIS_SERVICE_LEVEL_H

#include "analysis/report_run.h"
#include "base/error.h"
#include "store/store.h"

/*
 * Compares failed calls and mean response time, over the valid nominal experiments, with the
 * bounds of the campaign. ERROR_THRESHOLD says which bound was passed and by what;
 * ERROR_INCONCLUSIVE if there is a bound and no valid nominal experiment. 0 without bounds.
 */
int service_level_check(struct store *store, struct error *error);

/* The same of a run that was read already. */
int service_level_compare(const struct report_run *run, struct error *error);

#endif
