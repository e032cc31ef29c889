/* Values of the JSON that `vnfault report --json` prints. Each is a new reference. */
#ifndef ANALYSIS_REPORT_JSON_H
#define ANALYSIS_REPORT_JSON_H

#include <jansson.h>

#include "analysis/evaluation.h"

/* A string of the run, null for NULL. Broken UTF-8, which JSON can't hold, is made whole. */
json_t *report_json_string(const char *string);

/* Null for a number that is not finite. */
json_t *report_json_number(double number);

/* What the section 'Detection over time' says of a split. */
json_t *report_json_detection(const struct detection_result *detection);

/* What the section 'Propagation' says. */
json_t *report_json_propagation(const struct evaluation *evaluation);
json_t *report_json_localisation(const struct localisation_result *localisation);

#endif
