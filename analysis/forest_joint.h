/* One forest over all labels that a detector was trained on; it answers a question of each. */
#ifndef ANALYSIS_FOREST_JOINT_H
#define ANALYSIS_FOREST_JOINT_H

#include "analysis/detector.h"
#include "analysis/forest.h"
#include "base/bytes.h"

struct joint_forest {
    struct forest *forest; /* NULL if there is only one label */
    size_t class_count;
    uint32_t labels[FOREST_CLASSES_MOST]; /* per class of the forest, rising */
};

/* ERROR_INPUT if there are more labels than a forest takes. Close with joint_close, also then. */
int joint_fit(const struct detector_training *training, const struct forest_setting *setting,
              struct joint_forest *joint, struct error *error);
void joint_close(struct joint_forest *joint);

/* Whether it was trained on what the question asks for, and on something else. */
bool joint_knows(const struct joint_forest *joint, size_t question);

/* As struct detector has them. */
bool joint_score(const struct joint_forest *joint, size_t question,
                 const struct detector_rows *observations, double *scores);
void joint_score_all(const struct joint_forest *joint, size_t question_count,
                     const struct detector_rows *observations, double *scores);

/* `errors` of each question but the binary one, and `class_error`. */
void joint_out_of_bag(const struct joint_forest *joint, const struct detector_training *training,
                      const struct forest_setting *setting, double *errors, double *class_error);

void joint_write(const struct joint_forest *joint, struct text *bytes);
int joint_read(struct byte_reader *reader, size_t columns, size_t question_count,
               struct joint_forest *joint, struct error *error);

#endif
