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
    struct preprocess preprocess;
    struct detector_setting setting;
    size_t rows; /* it was trained on */
    void *state;
};

/* What a training cost and found beside the model. */
struct model_fit {
    double seconds;           /* of the fit alone, wall time */
    double *out_of_bag_error; /* per question, NaN if there is none; caller frees */
};

/*
 * Trains on `count` rows of the data set. `fit` may be NULL. ERROR_INCONCLUSIVE if the rows have
 * one class only or no metric that varies.
 */
int model_train(const struct detector *detector, const struct detector_setting *setting,
                const struct dataset *dataset, const size_t *rows, size_t count,
                struct model_fit *fit, struct model **model, struct error *error);
void model_free(struct model *model);

/* Scores rows of the data set, whose metrics are those the model was trained on: `scores` is
 * (count x questions), row-major, NaN where a question is untrained. */
void model_score(const struct model *model, const struct dataset *dataset, const size_t *rows,
                 size_t count, double *scores);

/* ERROR_INPUT naming the first difference if the data set has other metrics than the model. */
int model_check_metrics(const struct model *model, const struct dataset *dataset,
                        struct error *error);

/* Writes the file whole or not at all; `size` gets its bytes, and may be NULL. */
int model_write(const struct model *model, const char *path, size_t *size, struct error *error);

/* Reads and checks a file; ERROR_INPUT if it is none, damaged or of a later version. */
int model_read(const char *path, struct model **model, struct error *error);

#endif
