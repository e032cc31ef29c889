#include "cli/verb.h"

extern const struct verb verb_calibrate;
extern const struct verb verb_check;
extern const struct verb verb_compare;
extern const struct verb verb_detect;
extern const struct verb verb_evaluate;
extern const struct verb verb_export;
extern const struct verb verb_heal;
extern const struct verb verb_import;
extern const struct verb verb_lab;
extern const struct verb verb_merge;
extern const struct verb verb_observe;
extern const struct verb verb_plan;
extern const struct verb verb_prune;
extern const struct verb verb_report;
extern const struct verb verb_run;
extern const struct verb verb_score;
extern const struct verb verb_status;
extern const struct verb verb_train;

/* In the order of a user's day. */
const struct verb *const verbs[] = {
    &verb_check, &verb_plan,     &verb_calibrate, &verb_run,    &verb_status,
    &verb_heal,  &verb_merge,    &verb_observe,   &verb_import, &verb_train,
    &verb_score, &verb_evaluate, &verb_detect,    &verb_export, &verb_report,
    &verb_prune, &verb_compare,  &verb_lab,       NULL,
};
