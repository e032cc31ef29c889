/*
 * A detector trained on a data set, with all it takes to use it: which metrics, their
 * preprocessing, the questions it answers. Saved as one file (docs/detectors.md).
 */
#ifndef ANALYSIS_MODEL_H
#define ANALYSIS_MODEL_H

#include "analysis/dataset.h"
#include "analysis/detector.h"
#include "analysis/preprocess.h"

struct model {
    const struct detector *detector;
    char *target;
    char **questions; /* 'binary', then fault types by name */
    size_t question_count;
    struct dataset_metric *metrics; /* one a column before preprocessing */
    struct pipeline pipeline;       /* that its data set went through */
    struct preprocess preprocess;
    struct detector_setting setting;
    size_t rows;       /* it was trained on */
    int64_t period_ns; /* monitoring period of the run it was trained on */
    void *state;
};

/* What a training cost and found beside the model. */
struct model_fit {
    double seconds;           /* of the fit alone, wall time */
    double *out_of_bag_error; /* per question, NaN if there is none; caller frees */
    double class_error; /* share of the rows whose label is called wrongly, also out of bag; NaN
                           if labels are not told apart at once */
};

/*
 * Trains on `count` rows of the data set, in their order; a detector without supervision on the
 * normal ones among them. `fit` may be NULL. ERROR_INCONCLUSIVE if these are too few, of one class
 * only where two are needed, or without a metric that varies.
 */
int model_train(const struct detector *detector, const struct detector_setting *setting,
                const struct dataset *dataset, const size_t *rows, size_t count,
                struct model_fit *fit, struct model **model, struct error *error);

/* The same, but for the fit: a model that says what it would be trained on and knows nothing. */
int model_outline(const struct detector *detector, const struct detector_setting *setting,
                  const struct dataset *dataset, const size_t *rows, size_t count,
                  struct model **model, struct error *error);
void model_free(struct model *model);

/* Scores rows of the data set, whose metrics are those the model was trained on: `scores` is
 * (count x questions), row-major, NaN where a question is untrained or an observation has too few
 * neighbours for a detector that looks at them. */
void model_score(const struct model *model, const struct dataset *dataset, const size_t *rows,
                 size_t count, double *scores);

/* Scores rows of the timeline, in their order, on one question; a detector that looks at neighbours
 * sees those alone that are among them. Returns false, with `scores` as they were, if the question
 * is untrained. */
bool model_score_timeline(const struct model *model, const struct dataset_timeline *timeline,
                          const size_t *places, size_t count, size_t question, double *scores);

/* Rows of the timeline as the model's detector gets them, (count x kept). `sequences` gets one
 * number a row (struct detector_rows). Caller frees the values. */
double *model_prepare(const struct model *model, const struct dataset_timeline *timeline,
                      const size_t *places, size_t count, size_t *sequences);

/* Importance of each kept column for the binary question, or NULL (struct detector). */
const double *model_importance(const struct model *model);

/* Index of each kept column's resource group, in the order in which groups first appear. Returns
 * how many there are; caller frees `*groups`. */
size_t model_groups(const struct model *model, size_t **groups);

/* ERROR_INPUT naming the first difference if the data set has other metrics than the model. */
int model_check_metrics(const struct model *model, const struct dataset *dataset,
                        struct error *error);

/* Writes the file whole or not at all; `size` gets its bytes, and may be NULL. */
int model_write(const struct model *model, const char *path, size_t *size, struct error *error);

/* Reads and checks a file; ERROR_INPUT if it is none, damaged or of a later version. */
int model_read(const char *path, struct model **model, struct error *error);

#endif
