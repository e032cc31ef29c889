/* Principal components: errors are distances from what is normal, groups have their own thresholds,
 * and what was saved scores the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detector.h"
#include "analysis/reconstruction.h"
#include "base/memory.h"
#include "base/random.h"

enum { ROWS = 400, COLUMNS = 5 };

/* Columns 0 to 2 lie in the plane x + y + z = 1, columns 3 and 4 on the line y = 2 x. */
static const size_t groups[COLUMNS] = {0, 0, 0, 1, 1};

struct fixture {
    const struct detector *detector;
    struct detector_setting setting;
    double values[ROWS * COLUMNS];
    size_t sequences[ROWS];
    void *state;
};

static void draw_row(struct random *random, double *row)
{
    row[0] = random_unit(random);
    row[1] = 2 * random_unit(random);
    row[2] = 1 - row[0] - row[1];
    row[3] = random_unit(random);
    row[4] = 2 * row[3];
}

static struct fixture *make_fixture(const char *words)
{
    struct fixture *fixture = memory_new(1, sizeof *fixture);
    size_t labels[ROWS] = {0};
    struct detector_training training = {
        {fixture->values, ROWS, COLUMNS, fixture->sequences}, labels, 1, groups, 2};
    struct random random;
    struct error error = {0};

    random_seed(&random, 3);
    for (size_t row = 0; row < ROWS; row++)
        draw_row(&random, fixture->values + row * COLUMNS);
    fixture->detector = detector_parse(words, &fixture->setting, &error);
    assert_non_null(fixture->detector);
    assert_int_equal(fixture->detector->fit(&training, &fixture->setting, &fixture->state, &error),
                     0);
    return fixture;
}

static void free_fixture(struct fixture *fixture)
{
    fixture->detector->free_state(fixture->state);
    free(fixture);
}

static void errors_are_squared_distances(void **state)
{
    /* The first group is 0.6 off its plane, along (1, 1, 1) / sqrt(3); the second on its line. */
    double off = 0.6 / sqrt(3);
    double row[COLUMNS] = {0.5 + off, 1 + off, -0.5 + off, 0.4, 0.8};
    size_t sequence = 0;
    struct detector_rows rows = {row, 1, COLUMNS, &sequence};
    double errors[COLUMNS];
    struct fixture *fixture = make_fixture("pca:variance=0.9999");

    (void)state;
    fixture->detector->errors(fixture->state, &rows, errors);
    for (size_t i = 0; i < 3; i++)
        assert_true(fabs(errors[i] - off * off) < 1e-12);
    for (size_t i = 3; i < 5; i++)
        assert_true(errors[i] < 1e-24);
    free_fixture(fixture);
}

/* A value that arithmetic can't hold is as far off as can be; it is not without a score. */
static void what_is_beyond_all_bounds_is_an_alarm(void **state)
{
    double rows_of[][COLUMNS] = {{1e308, -1e308, 1e308, 0.4, 0.8},
                                 {INFINITY, 0.2, -INFINITY, 0.4, 0.8},
                                 {1e200, 1e200, 1e200, -1e200, 0.8}};
    struct fixture *fixture = make_fixture("pca:variance=0.9999");

    (void)state;
    for (size_t i = 0; i < sizeof rows_of / sizeof rows_of[0]; i++) {
        size_t sequence = 0;
        struct detector_rows rows = {rows_of[i], 1, COLUMNS, &sequence};
        double score = NAN;

        assert_true(fixture->detector->score(fixture->state, 0, &rows, &score));
        if (!(score > 0.999))
            fail_msg("row %zu scores %g", i, score);
    }
    free_fixture(fixture);
}

static void scores_reach_half_at_the_threshold(void **state)
{
    struct fixture *fixture = make_fixture("pca:variance=0.1,quantile=0.9");
    struct detector_rows rows = {fixture->values, ROWS, COLUMNS, fixture->sequences};
    double *errors = memory_new((size_t)ROWS * COLUMNS, sizeof *errors);
    double *means = memory_new((size_t)ROWS * 2, sizeof *means);
    double *scores = memory_new(ROWS, sizeof *scores);
    struct detector_errors description;
    size_t above = 0;

    (void)state;
    fixture->detector->errors(fixture->state, &rows, errors);
    fixture->detector->describe_errors(fixture->state, &description);
    reconstruction_group_errors(&description, errors, ROWS, COLUMNS, means);
    assert_true(fixture->detector->score(fixture->state, 0, &rows, scores));
    for (size_t row = 0; row < ROWS; row++) {
        double most = fmax(means[2 * row] / description.thresholds[0],
                           means[2 * row + 1] / description.thresholds[1]);

        above += means[2 * row] > description.thresholds[0];
        assert_true(fabs(scores[row] - most / (1 + most)) < 1e-15);
        assert_int_equal(scores[row] >= 0.5, most >= 1);
    }
    assert_int_equal(above, ROWS / 10);
    assert_false(fixture->detector->score(fixture->state, 1, &rows, scores));
    free(errors);
    free(means);
    free(scores);
    free_fixture(fixture);
}

static void the_standard_variance_keeps_less_than_all(void **state)
{
    struct fixture *fixture = make_fixture("pca:variance=1");
    double row[COLUMNS] = {9, 9, 9, 9, -9};
    size_t sequence = 0;
    struct detector_rows rows = {row, 1, COLUMNS, &sequence};
    double score;

    (void)state;
    fixture->detector->score(fixture->state, 0, &rows, &score);
    assert_true(score > 0.99);
    row[0] = INFINITY;
    fixture->detector->score(fixture->state, 0, &rows, &score);
    assert_true(isnan(score) || score == 1);
    free_fixture(fixture);
}

static void saved_ones_score_the_same_and_damaged_ones_are_safe(void **state)
{
    struct fixture *fixture = make_fixture("pca");
    struct detector_rows rows = {fixture->values, ROWS, COLUMNS, fixture->sequences};
    double scores[ROWS];
    double again[ROWS];
    struct text bytes = {0};
    struct error error = {0};
    void *read = NULL;

    (void)state;
    fixture->detector->write(fixture->state, &bytes);
    assert_int_equal(
        fixture->detector->read(bytes.bytes, bytes.length, COLUMNS, 1, NULL, &read, &error), 0);
    fixture->detector->score(fixture->state, 0, &rows, scores);
    fixture->detector->score(read, 0, &rows, again);
    assert_memory_equal(again, scores, sizeof scores);
    fixture->detector->free_state(read);
    for (size_t length = 0; length < bytes.length; length++)
        assert_int_equal(
            fixture->detector->read(bytes.bytes, length, COLUMNS, 1, NULL, &read, &error), -1);
    for (size_t i = 0; i < bytes.length; i++) {
        bytes.bytes[i] = (char)(bytes.bytes[i] ^ (1 << i % 8));
        if (fixture->detector->read(bytes.bytes, bytes.length, COLUMNS, 1, NULL, &read, &error) ==
            0) {
            fixture->detector->score(read, 0, &rows, again);
            fixture->detector->free_state(read);
        }
        bytes.bytes[i] = (char)(bytes.bytes[i] ^ (1 << i % 8));
    }
    text_free(&bytes);
    free_fixture(fixture);
}

static void parameters_are_checked(void **state)
{
    static const char *const wrong[] = {
        "pca:",
        "pca:variance",
        "pca:variance=",
        "pca:variance=x",
        "pca:variance=2",
        "pca:varianse=0.5",
        "pca:scaling=0",
        "pca:variance=nan",
        "forest:trees=1",
        "pcb",
        "pca:variance=0.9,,",
        "pca:variance=0.5 ",
    };
    struct detector_setting setting = {.trees = 7};
    struct error error = {0};
    const struct detector *detector;
    char *name;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        error_clear(&error);
        assert_null(detector_parse(wrong[i], &setting, &error));
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_true(error.hint[0] != '\0');
    }
    detector = detector_parse("pca:variance=0.5,scaling=standard", &setting, &error);
    assert_true(detector_parameter(detector, &setting, "variance") == 0.5);
    assert_true(detector_parameter(detector, &setting, "scaling") == 1);
    assert_true(detector_parameter(detector, &setting, "quantile") == 0.99);
    assert_int_equal(setting.trees, 7);
    name = detector_full_name(detector, &setting);
    assert_string_equal(name, "pca:scaling=standard,quantile=0.99,variance=0.5");
    free(name);
    detector_parse("forest:bins=63", &setting, &error);
    assert_true(setting.parameters[0] == 63);
    assert_string_equal(detector_parse(NULL, &setting, &error)->name, "forest");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_are_squared_distances),
        cmocka_unit_test(what_is_beyond_all_bounds_is_an_alarm),
        cmocka_unit_test(scores_reach_half_at_the_threshold),
        cmocka_unit_test(the_standard_variance_keeps_less_than_all),
        cmocka_unit_test(saved_ones_score_the_same_and_damaged_ones_are_safe),
        cmocka_unit_test(parameters_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
