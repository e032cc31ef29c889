/* The parts of a comparison in the making, each in a file of its own. */
#ifndef ANALYSIS_COMPARISON_PARTS_H
#define ANALYSIS_COMPARISON_PARTS_H

#include "analysis/comparison.h"
#include "analysis/evaluation.h"
#include "analysis/report_run.h"
#include "analysis/service_course.h"

/* One side while it is read. */
struct compared_source {
    struct store *store;
    struct report_run run;
    struct evaluation *evaluation; /* NULL if there is none of the run as it is */
};

/* Adds the values of the run's valid experiments to the groups. `transaction` is the one whose
 * response time is compared; NULL for none. */
int comparison_add_experiments(struct comparison *comparison, size_t side,
                               struct compared_source *source, const char *transaction,
                               struct error *error);

/* The same of a run whose courses, by the comparison's bound, have been read already. */
void comparison_add_courses(struct comparison *comparison, size_t side,
                            const struct report_run *run, const struct service_course *courses,
                            const char *transaction);

/* Adds the times to detect that the evaluation by experiment has. */
void comparison_add_detections(struct comparison *comparison, size_t side,
                               const struct compared_source *source);

/* Adds the rows of the detectors' figures, and what only one run has of them. */
void comparison_add_detectors(struct comparison *comparison,
                              const struct evaluation *const evaluations[COMPARED_SIDES]);

/* Says what differs between how the two were made and evaluated. */
void comparison_add_changes(struct comparison *comparison,
                            const struct compared_source sources[COMPARED_SIDES]);

/* The group of that name, made if need be. Pointers to groups end with it. */
struct compared_group *comparison_group(struct comparison *comparison, const char *fault_type,
                                        const char *intensity, const char *target);

/* Adds a row that is empty, or one of what only one run has. */
struct compared_row *comparison_add_row(struct comparison *comparison, size_t figure);
struct compared_row *comparison_add_lost(struct comparison *comparison, size_t figure);

/* A copy that lives as long as the comparison. */
const char *comparison_keep(struct comparison *comparison, const char *string);

#endif
