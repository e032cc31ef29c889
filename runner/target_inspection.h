/* Inside of target_check.h: one host while it is looked at. */
#ifndef RUNNER_TARGET_INSPECTION_H
#define RUNNER_TARGET_INSPECTION_H

#include "base/error.h"
#include "runner/access.h"
#include "runner/target_check.h"

/* One host under inspection. */
struct inspection {
    const struct target_check_setting *setting;
    const struct host *host;
    struct access *access;
    bool locked; /* somebody else is at work there */
    struct target_checks checks;
};

/* What a check finds when all is well. */
struct finding_text {
    char text[640];
};

/* Adds what one check came to: `result` below 0 is the error. */
void inspection_conclude(struct inspection *inspection, const char *item, int result,
                         const struct finding_text *found, const struct error *error);

/* --- runner/target_check_host.c --- */

/* The connection, and what every campaign needs of the host. `inspection->access` is NULL after it
 * if there is no connection. */
void inspection_check_host(struct inspection *inspection);

/* --- runner/target_check_faults.c --- */

/* Probes the campaign's faults as the run will. */
void inspection_check_faults(struct inspection *inspection);

/* --- runner/target_check_sources.c --- */

/* What each of its sources would give. */
void inspection_check_sources(struct inspection *inspection);

#endif
