/*
 * Detectors: one file analysis/detector_NAME.c each, and one line in the table of
 * analysis/detectors.c. A detector answers one question a label: question 0 is 'binary' (any
 * injection or none), question i whether it is label i, against all the rest. It sees data without
 * missing values and knows nothing of runs, targets and files.
 *
 * A supervised detector is trained on observations of every label. One that is not is trained on
 * normal ones alone and answers only the binary question.
 */
#ifndef ANALYSIS_DETECTOR_H
#define ANALYSIS_DETECTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"

#define QUESTION_BINARY "binary"
#define DETECTOR_PARAMETERS_MOST 16

/* How a supervised detector tells fault types apart: a model each, or one of all labels, whose
 * scores of them are shares that add up to 1. */
enum detector_classes { CLASSES_EACH, CLASSES_JOINT };

/* What can be set of a detector, beside what all have: 'window=20'. */
struct detector_parameter {
    const char *name;
    const char *meaning; /* with its unit */
    double standard;
    double least;
    double most;
    bool whole;                 /* takes whole numbers only */
    const char *const *choices; /* its values by name, ending with NULL; NULL if it is a number */
};

struct detector_setting {
    size_t trees;
    size_t threads; /* 0: one a processor; the result is the same for any number */
    uint64_t seed;
    bool balanced; /* class weights inversely proportional to class frequency */
    double parameters[DETECTOR_PARAMETERS_MOST]; /* in the order of the detector's table */
    struct stop *stop; /* looked at by what takes long to fit: ERROR_INTERRUPTED; NULL for none */
};

/* Observations in the order of time. */
struct detector_rows {
    const double *values; /* (rows x columns), row-major */
    size_t rows;
    size_t columns;
    const size_t *sequences; /* per row: another number than before where neighbours are missing */
};

struct detector_training {
    struct detector_rows observations;
    const size_t *labels; /* per row, 0 is normal */
    size_t question_count;
    const size_t *groups; /* per column: index of its resource group */
    size_t group_count;
};

/* How far observations are from what a detector without supervision takes for normal. */
struct detector_errors {
    size_t group_count;
    const size_t *groups;     /* per column: index of its resource group */
    const double *thresholds; /* per resource group: of the mean of its columns' errors */
};

struct detector {
    const char *name;
    const char *summary;
    bool supervised;
    bool sequential;                             /* looks at an observation's neighbours */
    const struct detector_parameter *parameters; /* ends with a name of NULL; may be NULL */
    const char *scaling; /* name of the parameter that chooses the scaling; NULL for none */
    const char *classes; /* name of the one that is an enum detector_classes; NULL: CLASSES_EACH */

    /* Fits to the training data; a question whose answer is the same for all rows stays untrained.
     * The state is released with free_state. */
    int (*fit)(const struct detector_training *training, const struct detector_setting *setting,
               void **state, struct error *error);
    void (*free_state)(void *state);

    /* Scores observations on one question, from 0 to 1, NaN where it can't. Returns false, with
     * `scores` as they were, if the question is untrained. */
    bool (*score)(const void *state, size_t question, const struct detector_rows *observations,
                  double *scores);

    /* The same of all questions at once, (rows x questions), NaN where one is untrained. Asked for
     * of what was fitted with CLASSES_JOINT. */
    void (*score_all)(const void *state, const struct detector_rows *observations, double *scores);

    /* How many observations, its own the last, a score looks at; NULL for one. */
    size_t (*window)(const void *state);

    /* Importance of each column for the question, summing to 1; NULL if there is none. Owned by
     * the state. The function may be NULL. */
    const double *(*importance)(const void *state, size_t question);

    /* Shares of training rows wrongly called by the parts of the state that did not see them, NaN
     * where it can't be told: `errors` of each question, and `class_error` of rows whose label
     * isn't the one that scores highest, the first of equals; NaN unless fitted with CLASSES_JOINT.
     * The function may be NULL. */
    void (*out_of_bag)(const void *state, const struct detector_training *training,
                       const struct detector_setting *setting, double *errors, double *class_error);

    /* Squared error of each value: `errors` is (rows x columns), NaN where there is none. NULL for
     * a detector that does not reconstruct. What `description` points to is owned by the state. */
    void (*errors)(const void *state, const struct detector_rows *observations, double *errors);
    void (*describe_errors)(const void *state, struct detector_errors *description);

    /* The state as bytes (docs/detectors.md), and back, with the parameters it was fitted with:
     * bytes are checked, ERROR_INPUT. */
    void (*write)(const void *state, struct text *bytes);
    int (*read)(const char *bytes, size_t length, size_t columns, size_t question_count,
                const struct detector_setting *setting, void **state, struct error *error);
};

extern const struct detector *const detectors[]; /* ends with NULL */

/* Name of a detector, by its number; NULL from the last on. */
const char *detector_name_at(size_t at);

/* The detector of this name; NULL names the first. ERROR_INPUT if there is none. */
const struct detector *detector_find(const char *name, struct error *error);

/*
 * The detector named by 'NAME' or 'NAME:PARAMETER=VALUE,...', and its parameters in `setting`,
 * whose other members stay; NULL for the first detector. NULL and ERROR_INPUT that names what there
 * is.
 */
const struct detector *detector_parse(const char *words, struct detector_setting *setting,
                                      struct error *error);

/* 'NAME:PARAMETER=VALUE,...' with all parameters, as detector_parse reads it. Caller frees. */
char *detector_full_name(const struct detector *detector, const struct detector_setting *setting);

/* Value of the parameter of this name, which the detector has. */
double detector_parameter(const struct detector *detector, const struct detector_setting *setting,
                          const char *name);

/* Whether the detector tells all labels apart at once (CLASSES_JOINT). */
bool detector_is_joint(const struct detector *detector, const struct detector_setting *setting);

#endif
