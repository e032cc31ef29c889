/* What the report says of the detector that a run was evaluated with. */
#ifndef ANALYSIS_REPORT_DETECTOR_H
#define ANALYSIS_REPORT_DETECTOR_H

#include "analysis/detector.h"
#include "analysis/report_page.h"

/* The detector; NULL if there is no evaluation or its detector is not known here. */
const struct detector *report_detector(const struct report *report);

/* Whether that one tells all labels apart at once. */
bool report_is_joint(const struct report *report);

/* Whether the evaluation holds errors of resource groups. */
bool report_reconstructs(const struct report *report);

/* The split that shows scores over time: 'experiment', or 'run'; NULL if the target has none. */
const struct split_result *report_series_split(const struct target_result *target);

/* The paragraphs before the figures: the detector, its setting, the splits. The report has an
 * evaluation. */
void report_write_introduction(struct report *report);

#endif
