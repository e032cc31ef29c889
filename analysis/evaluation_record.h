/* The evaluation as a record: the names in docs/evaluation-file.md. */
#ifndef ANALYSIS_EVALUATION_RECORD_H
#define ANALYSIS_EVALUATION_RECORD_H

#include "analysis/record.h"

extern const struct record evaluation_record; /* of struct evaluation */

#endif
