/* The forest as a detector: one a question, and one joint forest over all labels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detector.h"
#include "analysis/forest.h"
#include "base/memory.h"
#include "tests/unit/forest_data.h"

enum { ROWS = 300, COLUMNS = 20, LABELS = 8 };

/* A detector fitted to labels 0 to LABELS - 1, some of which no row may have. */
struct fitted {
    const struct detector *detector;
    struct detector_setting setting;
    struct forest_data data;
    size_t *labels;
    struct detector_training training;
    void *state;
};

/* The class i of the data gets the label labels[i]. */
static struct fitted fit(const char *name, const size_t *labels, size_t class_count)
{
    struct fitted fitted = {.setting = {.trees = 15, .threads = 1, .seed = 4},
                            .data = forest_data_make(ROWS, COLUMNS, class_count, 71),
                            .labels = memory_new(ROWS, sizeof(size_t))};
    struct error error = {0};

    for (size_t row = 0; row < ROWS; row++)
        fitted.labels[row] = labels[fitted.data.classes[row]];
    fitted.detector = detector_parse(name, &fitted.setting, &error);
    assert_non_null(fitted.detector);
    fitted.training =
        (struct detector_training){.observations = {fitted.data.values, ROWS, COLUMNS, NULL},
                                   .labels = fitted.labels,
                                   .question_count = LABELS};
    assert_int_equal(fitted.detector->fit(&fitted.training, &fitted.setting, &fitted.state, &error),
                     0);
    return fitted;
}

static void free_fitted(struct fitted *fitted)
{
    fitted->detector->free_state(fitted->state);
    forest_data_free(&fitted->data);
    free(fitted->labels);
}

/* Scores of all rows; returns whether the question is trained. */
static bool score(const struct fitted *fitted, size_t question, double *scores)
{
    return fitted->detector->score(fitted->state, question, &fitted->training.observations, scores);
}

/* Out-of-bag errors of all questions; returns that of all labels. */
static double out_of_bag(const struct fitted *fitted, double errors[LABELS])
{
    double class_error;

    fitted->detector->out_of_bag(fitted->state, &fitted->training, &fitted->setting, errors,
                                 &class_error);
    return class_error;
}

static void assert_trained(const struct fitted *fitted, const bool *trained)
{
    double scores[ROWS];
    double errors[LABELS];
    double *all = memory_new((size_t)ROWS * LABELS, sizeof *all);

    out_of_bag(fitted, errors);
    fitted->detector->score_all(fitted->state, &fitted->training.observations, all);
    for (size_t question = 0; question < LABELS; question++) {
        assert_int_equal(score(fitted, question, scores), trained[question]);
        assert_int_equal(fitted->detector->importance(fitted->state, question) != NULL,
                         trained[question]);
        assert_int_equal(!isnan(errors[question]), trained[question]);
        for (size_t row = 0; row < ROWS; row++)
            assert_true(trained[question] ? all[row * LABELS + question] == scores[row]
                                          : isnan(all[row * LABELS + question]));
    }
    free(all);
}

static void labels_that_no_row_has_stay_untrained(void **state)
{
    static const struct {
        size_t class_count;
        size_t labels[4];
        bool trained[LABELS];
    } cases[] = {
        {4, {0, 2, 3, 7}, {[0] = true, [2] = true, [3] = true, [7] = true}},
        {3, {1, 4, 5}, {[1] = true, [4] = true, [5] = true}}, /* nothing is normal */
        {1, {0, 0}, {false}},
        {1, {3, 3}, {false}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fitted fitted = fit("forest:classes=joint", cases[i].labels, cases[i].class_count);

        assert_trained(&fitted, cases[i].trained);
        free_fitted(&fitted);
    }
}

/* With one fault type there is one question, and both ways are the same forest. */
static void with_one_fault_type_joint_is_each(void **state)
{
    static const size_t labels[] = {0, 5};
    static const char *const names[][2] = {
        {"forest:classes=joint", "forest"},
        {"forest:classes=joint,bins=30", "forest:bins=30"},
    };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fitted joint = fit(names[i][0], labels, 2);
        struct fitted each = fit(names[i][1], labels, 2);
        double scores[2][ROWS];
        double errors[2][LABELS];

        out_of_bag(&joint, errors[0]);
        out_of_bag(&each, errors[1]);
        for (size_t question = 0; question < LABELS; question += 5) {
            assert_true(score(&joint, question, scores[0]) && score(&each, question, scores[1]));
            assert_memory_equal(scores[0], scores[1], sizeof *scores);
            assert_memory_equal(joint.detector->importance(joint.state, question),
                                each.detector->importance(each.state, question),
                                COLUMNS * sizeof(double));
            assert_true(errors[0][question] == errors[1][question]);
        }
        free_fitted(&joint);
        free_fitted(&each);
    }
}

/* Of a forest so small that it is often wrong. */
static void class_error_counts_labels_called_wrongly(void **state)
{
    static const size_t labels[] = {0, 2, 3, 7};
    struct fitted fitted = fit("forest:classes=joint", labels, 4);
    struct forest_setting setting = {.trees = 15, .threads = 1, .seed = 4};
    struct forest *forest = forest_data_fit(&fitted.data, &setting);
    double shares[ROWS * 4];
    double wrong = 0;
    double errors[LABELS];
    double share = out_of_bag(&fitted, errors);

    (void)state;
    forest_out_of_bag_classes(forest, fitted.data.values, ROWS, &setting, shares);
    for (size_t row = 0; row < ROWS; row++) {
        size_t best = 0;

        for (size_t i = 1; i < 4; i++)
            best = shares[4 * row + i] > shares[4 * row + best] ? i : best;
        assert_false(isnan(shares[4 * row])); /* fifteen trees leave each row out somewhere */
        wrong += best != fitted.data.classes[row];
    }
    assert_true(wrong > 10 && wrong < ROWS / 2.0);
    assert_true(fabs(wrong / ROWS - share) < 1e-12);
    forest_free(forest);
    free_fitted(&fitted);
}

static void too_many_labels_are_refused(void **state)
{
    enum { MANY = FOREST_CLASSES_MOST + 1 };
    double values[MANY];
    size_t labels[MANY];
    struct detector_training training = {
        .observations = {values, MANY, 1, NULL}, .labels = labels, .question_count = MANY};
    struct detector_setting setting = {.trees = 1, .threads = 1};
    struct error error = {0};
    const struct detector *detector = detector_parse("forest:classes=joint", &setting, &error);
    void *fitted;

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        values[i] = (double)i;
        labels[i] = i;
    }
    assert_int_equal(detector->fit(&training, &setting, &fitted, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    labels[MANY - 1] = 0;
    error_clear(&error);
    assert_int_equal(detector->fit(&training, &setting, &fitted, &error), 0);
    assert_true(detector->score(fitted, MANY - 2, &training.observations, values));
    detector->free_state(fitted);
}

/* Bytes of classes that can't be: none, more than questions, not rising, no question's. */
static void classes_of_a_file_are_checked(void **state)
{
    static const size_t labels[] = {0, 2, 3, 7};
    static const struct {
        size_t at;
        char byte;
    } wrong[] = {{0, 0}, {0, 9}, {1, 1}, {8, 3}, {8, 0}, {16, 8}};
    struct fitted fitted = fit("forest:classes=joint", labels, 4);
    struct text bytes = {0};
    struct error error = {0};
    void *read;

    (void)state;
    fitted.detector->write(fitted.state, &bytes);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char right = bytes.bytes[wrong[i].at];

        bytes.bytes[wrong[i].at] = wrong[i].byte;
        assert_int_equal(fitted.detector->read(bytes.bytes, bytes.length, COLUMNS, LABELS,
                                               &fitted.setting, &read, &error),
                         -1);
        assert_int_equal(error.kind, ERROR_INPUT);
        error_clear(&error);
        bytes.bytes[wrong[i].at] = right;
    }
    text_free(&bytes);
    free_fitted(&fitted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_that_no_row_has_stay_untrained),
        cmocka_unit_test(with_one_fault_type_joint_is_each),
        cmocka_unit_test(class_error_counts_labels_called_wrongly),
        cmocka_unit_test(too_many_labels_are_refused),
        cmocka_unit_test(classes_of_a_file_are_checked),
    };

    return cmocka_run_group_tests_name("forest as a detector", tests, NULL, NULL);
}
