/* Evaluation of one target. */
#ifndef ANALYSIS_EVALUATION_TARGET_H
#define ANALYSIS_EVALUATION_TARGET_H

#include "analysis/detector.h"
#include "analysis/evaluation.h"

/* Fills `result` as far as it goes. ERROR_INCONCLUSIVE if there is too little to evaluate on. */
int evaluation_target(struct store *store, const char *target, const struct detector *detector,
                      const struct evaluation_setting *setting, struct target_result *result,
                      struct error *error);

/* The same by one split: trained on one run, tested on the other. */
int evaluation_target_between(struct store *training, struct store *test, const char *target,
                              const struct detector *detector,
                              const struct evaluation_setting *setting,
                              struct target_result *result, struct error *error);

#endif
