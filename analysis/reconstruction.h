/*
 * What detectors have in common that learn to reconstruct normal observations, after SYRROCA (paper
 * 2, section III): a net for each resource group, and for each group a threshold on the mean
 * squared error of its columns, MSE_g(t) (equation 2), at a quantile of the training part's errors.
 *
 * The score of an observation is r / (1 + r), r being the greatest ratio of a group's error to its
 * threshold: 0.5 where the first group reaches it.
 */
#ifndef ANALYSIS_RECONSTRUCTION_H
#define ANALYSIS_RECONSTRUCTION_H

#include "analysis/detector.h"
#include "base/bytes.h"

/* The columns of one group, in rows that have all. */
struct group_rows {
    const struct detector_rows *all;
    const size_t *columns; /* their indices, rising */
    size_t column_count;
};

/* Copies `count` rows from `first` on, (count x column_count); what is further off than arithmetic
 * bears is put as far off as it does. */
void group_rows_copy(const struct group_rows *group, size_t first, size_t count, double *values);

/* What reconstructs the columns of one group. */
struct reconstructor {
    /* Fits a net to normal observations; `seed` is the group's own. Free with free_net. */
    int (*fit)(const struct group_rows *observations, const struct detector_setting *setting,
               uint64_t seed, void **net, struct error *error);
    void (*free_net)(void *net);

    /* Squared error of each value (rows x columns), NaN where the net can't say. The observations
     * have only the group's columns. */
    void (*errors)(const void *net, const struct detector_rows *observations, double *errors);

    /* How many rows, its own the last, an error looks at; NULL for one. */
    size_t (*window)(const void *net);

    void (*write)(const void *net, struct text *bytes);

    /* Reads a net of `columns` columns and checks it. ERROR_INPUT. */
    int (*read)(struct byte_reader *reader, size_t columns, void **net, struct error *error);
};

/* The functions of struct detector; `quantile` is from 0 to 1. */
int reconstruction_fit(const struct reconstructor *reconstructor,
                       const struct detector_training *training,
                       const struct detector_setting *setting, double quantile, void **state,
                       struct error *error);
int reconstruction_read(const struct reconstructor *reconstructor, const char *bytes, size_t length,
                        size_t columns, void **state, struct error *error);
void reconstruction_free(void *state);
bool reconstruction_score(const void *state, size_t question,
                          const struct detector_rows *observations, double *scores);
size_t reconstruction_window(const void *state);
void reconstruction_errors(const void *state, const struct detector_rows *observations,
                           double *errors);
void reconstruction_describe_errors(const void *state, struct detector_errors *description);
void reconstruction_write(const void *state, struct text *bytes);

/* MSE_g(t): mean of the errors of each group's columns, (rows x groups), NaN where any is. */
void reconstruction_group_errors(const struct detector_errors *description, const double *errors,
                                 size_t rows, size_t columns, double *group_errors);

#endif
