/* Parts of the section 'Detection over time', and what other sections share with it. */
#ifndef ANALYSIS_REPORT_DETECTION_H
#define ANALYSIS_REPORT_DETECTION_H

#include "analysis/report_page.h"

/* A table of the target's own faults, one a row. */
void report_write_detected_faults(struct report *report, const struct detection_result *detection);

#endif
