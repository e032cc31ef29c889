#include "analysis/forest_joint.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/forest_file.h"
#include "base/memory.h"

/* Lists the labels that rows have, and fills the class of each. */
static int list_labels(const struct detector_training *training, struct joint_forest *joint,
                       uint8_t *class_of_label, struct error *error)
{
    uint8_t *present = memory_new(training->question_count, sizeof *present);
    size_t count = 0;

    for (size_t row = 0; row < training->observations.rows; row++)
        present[training->labels[row]] = 1;
    for (size_t label = 0; label < training->question_count; label++) {
        if (!present[label])
            continue;
        if (count < FOREST_CLASSES_MOST) {
            joint->labels[count] = (uint32_t)label;
            class_of_label[label] = (uint8_t)count;
        }
        count++;
    }
    free(present);
    if (count > FOREST_CLASSES_MOST)
        return error_set(error, ERROR_INPUT, "a forest tells %d classes apart at most, not %zu",
                         FOREST_CLASSES_MOST, count);
    joint->class_count = count;
    return 0;
}

static void fit_forest(const struct detector_training *training,
                       const struct forest_setting *setting, const uint8_t *class_of_label,
                       struct joint_forest *joint)
{
    const struct detector_rows *rows = &training->observations;
    struct forest_columns *columns =
        forest_columns_new(rows->values, rows->rows, rows->columns, setting);
    uint8_t *classes = memory_new(rows->rows, sizeof *classes);

    for (size_t row = 0; row < rows->rows; row++)
        classes[row] = class_of_label[training->labels[row]];
    joint->forest = forest_fit_classes(columns, classes, joint->class_count, setting);
    free(classes);
    forest_columns_free(columns);
}

int joint_fit(const struct detector_training *training, const struct forest_setting *setting,
              struct joint_forest *joint, struct error *error)
{
    uint8_t *class_of_label = memory_new(training->question_count, sizeof *class_of_label);
    int result = list_labels(training, joint, class_of_label, error);

    if (result == 0 && joint->class_count > 1)
        fit_forest(training, setting, class_of_label, joint);
    free(class_of_label);
    return result;
}

void joint_close(struct joint_forest *joint)
{
    forest_free(joint->forest);
    joint->forest = NULL;
}

/* The class of a label; their number if there is none. */
static size_t class_of(const struct joint_forest *joint, size_t label)
{
    size_t i = 0;

    while (i < joint->class_count && joint->labels[i] != label)
        i++;
    return i;
}

bool joint_knows(const struct joint_forest *joint, size_t question)
{
    return joint->forest != NULL && class_of(joint, question) < joint->class_count;
}

bool joint_score(const struct joint_forest *joint, size_t question,
                 const struct detector_rows *observations, double *scores)
{
    size_t rows = observations->rows;
    size_t class = class_of(joint, question);
    double *shares;

    if (!joint_knows(joint, question))
        return false;
    if (question == 0) {
        forest_score(joint->forest, observations->values, rows, scores);
        return true;
    }
    shares = memory_new(rows * joint->class_count, sizeof *shares);
    forest_score_classes(joint->forest, observations->values, rows, shares);
    for (size_t row = 0; row < rows; row++)
        scores[row] = shares[row * joint->class_count + class];
    free(shares);
    return true;
}

void joint_score_all(const struct joint_forest *joint, size_t question_count,
                     const struct detector_rows *observations, double *scores)
{
    size_t rows = observations->rows;
    double *shares = memory_new(rows * joint->class_count, sizeof *shares);
    double *binary = memory_new(rows, sizeof *binary);

    for (size_t i = 0; i < rows * question_count; i++)
        scores[i] = NAN;
    if (joint->forest != NULL)
        forest_score_classes(joint->forest, observations->values, rows, shares);
    for (size_t i = 0; joint->forest != NULL && i < joint->class_count; i++) {
        for (size_t row = 0; row < rows; row++)
            scores[row * question_count + joint->labels[i]] = shares[row * joint->class_count + i];
    }
    if (joint_score(joint, 0, observations, binary)) {
        for (size_t row = 0; row < rows; row++)
            scores[row * question_count] = binary[row];
    }
    free(shares);
    free(binary);
}

static double share_of(size_t part, size_t whole)
{
    return whole > 0 ? (double)part / (double)whole : (double)NAN;
}

/* Of one class against all others, by the (rows x classes) out-of-bag shares. */
static double one_class_error(const struct joint_forest *joint, const double *shares, size_t class,
                              const struct detector_training *training)
{
    size_t scored = 0;
    size_t wrong = 0;

    for (size_t row = 0; row < training->observations.rows; row++) {
        double share = shares[row * joint->class_count + class];

        scored += !isnan(share);
        wrong += !isnan(share) && (share >= 0.5) != (training->labels[row] == joint->labels[class]);
    }
    return share_of(wrong, scored);
}

/* The class with the greatest share, the first of equals. */
static size_t likeliest(const double *shares, size_t count)
{
    size_t best = 0;

    for (size_t i = 1; i < count; i++)
        best = shares[i] > shares[best] ? i : best;
    return best;
}

static double likeliest_error(const struct joint_forest *joint, const double *shares,
                              const struct detector_training *training)
{
    size_t scored = 0;
    size_t wrong = 0;

    for (size_t row = 0; row < training->observations.rows; row++) {
        const double *of_row = shares + row * joint->class_count;

        if (isnan(of_row[0]))
            continue;
        scored++;
        wrong += joint->labels[likeliest(of_row, joint->class_count)] != training->labels[row];
    }
    return share_of(wrong, scored);
}

void joint_out_of_bag(const struct joint_forest *joint, const struct detector_training *training,
                      const struct forest_setting *setting, double *errors, double *class_error)
{
    size_t rows = training->observations.rows;
    double *shares;

    for (size_t question = 1; question < training->question_count; question++)
        errors[question] = NAN;
    *class_error = NAN;
    if (joint->forest == NULL)
        return;
    shares = memory_new(rows * joint->class_count, sizeof *shares);
    forest_out_of_bag_classes(joint->forest, training->observations.values, rows, setting, shares);
    for (size_t i = 0; i < joint->class_count; i++) {
        if (joint->labels[i] != 0)
            errors[joint->labels[i]] = one_class_error(joint, shares, i, training);
    }
    *class_error = likeliest_error(joint, shares, training);
    free(shares);
}

void joint_write(const struct joint_forest *joint, struct text *bytes)
{
    bytes_put_integer(bytes, joint->class_count, 4);
    for (size_t i = 0; i < joint->class_count; i++)
        bytes_put_integer(bytes, joint->labels[i], 4);
    forest_write(joint->forest, bytes);
}

static int read_labels(struct byte_reader *reader, size_t question_count,
                       struct joint_forest *joint, struct error *error)
{
    uint64_t count;
    uint64_t label;

    if (bytes_get_integer(reader, 4, &count, error) < 0)
        return -1;
    if (count == 0 || count > FOREST_CLASSES_MOST || count > question_count)
        return error_set(error, ERROR_INPUT, "a forest can't have %llu classes here",
                         (unsigned long long)count);
    joint->class_count = count;
    for (size_t i = 0; i < count; i++) {
        if (bytes_get_integer(reader, 4, &label, error) < 0)
            return -1;
        if (label >= question_count || (i > 0 && label <= joint->labels[i - 1]))
            return error_set(error, ERROR_INPUT, "class %zu of the forest is not sound", i);
        joint->labels[i] = (uint32_t)label;
    }
    return 0;
}

int joint_read(struct byte_reader *reader, size_t columns, size_t question_count,
               struct joint_forest *joint, struct error *error)
{
    if (read_labels(reader, question_count, joint, error) < 0)
        return -1;
    return forest_read(reader, columns, joint->class_count, &joint->forest, error);
}
