/* The autoencoder as a detector: windows end at gaps, rows without a window have no score, a signal
 * that breaks its rhythm stands out, any number of threads gives the same model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detector.h"
#include "base/memory.h"

enum { ROWS = 240, COLUMNS = 4, WINDOW = 6, BREAK = 100 };

static const size_t groups[COLUMNS] = {0, 0, 1, 1};

static const char words[] = "autoencoder:window=6,epochs=30,rate=0.01,dropout=0,validation=0.1,"
                            "encoder1=3,encoder2=2,decoder1=2,decoder2=3";

struct fixture {
    double values[ROWS * COLUMNS];
    size_t sequences[ROWS]; /* a gap before row BREAK */
    struct detector_rows rows;
};

static void fill(struct fixture *fixture)
{
    for (size_t row = 0; row < ROWS; row++) {
        fixture->sequences[row] = row >= BREAK;
        for (size_t i = 0; i < COLUMNS; i++)
            fixture->values[row * COLUMNS + i] = 0.5 + 0.4 * sin(0.5 * (double)row + (double)i);
    }
    fixture->rows = (struct detector_rows){fixture->values, ROWS, COLUMNS, fixture->sequences};
}

static void *fit(const struct fixture *fixture, size_t threads, const struct detector **detector)
{
    struct detector_setting setting = {.threads = threads, .seed = 5};
    size_t labels[ROWS] = {0};
    struct detector_training training = {fixture->rows, labels, 1, groups, 2};
    struct error error = {0};
    void *state;

    *detector = detector_parse(words, &setting, &error);
    assert_non_null(*detector);
    assert_int_equal((*detector)->fit(&training, &setting, &state, &error), 0);
    return state;
}

static void rows_without_a_window_have_no_score(void **state)
{
    struct fixture fixture;
    const struct detector *detector;
    double scores[ROWS];
    void *trained;

    (void)state;
    fill(&fixture);
    trained = fit(&fixture, 1, &detector);
    assert_int_equal(detector->window(trained), WINDOW);
    assert_true(detector->score(trained, 0, &fixture.rows, scores));
    for (size_t row = 0; row < ROWS; row++) {
        size_t in_sequence = row < BREAK ? row : row - BREAK;

        assert_int_equal(isnan(scores[row]) != 0, in_sequence < WINDOW - 1);
    }
    detector->free_state(trained);
}

/* What a window alone gives is what it gives among others. */
static void a_window_scores_the_same_alone(void **state)
{
    struct fixture fixture;
    const struct detector *detector;
    struct detector_rows alone;
    double scores[ROWS];
    double score[WINDOW];
    void *trained;

    (void)state;
    fill(&fixture);
    trained = fit(&fixture, 1, &detector);
    detector->score(trained, 0, &fixture.rows, scores);
    alone = (struct detector_rows){&fixture.values[(size_t)50 * COLUMNS], WINDOW, COLUMNS,
                                   &fixture.sequences[50]};
    detector->score(trained, 0, &alone, score);
    assert_true(fabs(score[WINDOW - 1] - scores[50 + WINDOW - 1]) < 1e-6);
    detector->free_state(trained);
}

/* More rows than are looked at together, with gaps near where one such part ends. */
static void many_rows_have_the_scores_of_few(void **state)
{
    enum { MANY = 2600, FIRST_GAP = 1022, SECOND_GAP = 2050 };
    struct fixture fixture;
    const struct detector *detector;
    double *values = memory_new((size_t)MANY * COLUMNS, sizeof *values);
    double *scores = memory_new(MANY, sizeof *scores);
    size_t *sequences = memory_new(MANY, sizeof *sequences);
    struct detector_rows all = {values, MANY, COLUMNS, sequences};
    void *trained;

    (void)state;
    fill(&fixture);
    trained = fit(&fixture, 1, &detector);
    for (size_t row = 0; row < MANY; row++) {
        sequences[row] = (row >= FIRST_GAP) + (row >= SECOND_GAP);
        for (size_t i = 0; i < COLUMNS; i++)
            values[row * COLUMNS + i] = 0.5 + 0.4 * sin(0.3 * (double)row + (double)i);
    }
    detector->score(trained, 0, &all, scores);
    for (size_t row = 0; row < MANY; row++) {
        size_t start = row >= SECOND_GAP ? SECOND_GAP : row >= FIRST_GAP ? FIRST_GAP : 0;
        size_t first = row + 1 >= start + WINDOW ? row + 1 - WINDOW : start;
        struct detector_rows few = {&values[first * COLUMNS], row + 1 - first, COLUMNS,
                                    &sequences[first]};
        double alone[WINDOW];

        detector->score(trained, 0, &few, alone);
        assert_int_equal(isnan(scores[row]) != 0, isnan(alone[row - first]) != 0);
        assert_true(isnan(scores[row]) || fabs(scores[row] - alone[row - first]) < 1e-6);
    }
    detector->free_state(trained);
    free(values);
    free(scores);
    free(sequences);
}

static void a_broken_rhythm_stands_out(void **state)
{
    struct fixture fixture;
    const struct detector *detector;
    double before[ROWS];
    double after[ROWS];
    void *trained;

    (void)state;
    fill(&fixture);
    trained = fit(&fixture, 2, &detector);
    detector->score(trained, 0, &fixture.rows, before);
    /* The second group stands still at a value that is nothing special by itself. */
    for (size_t row = 180; row < 200; row++)
        fixture.values[row * COLUMNS + 2] = fixture.values[row * COLUMNS + 3] = 0.5;
    detector->score(trained, 0, &fixture.rows, after);
    for (size_t row = BREAK + WINDOW; row < 180; row++)
        assert_true(after[row] == before[row]);
    for (size_t row = 186; row < 200; row++)
        assert_true(after[row] > before[row]);
    assert_true(after[195] > 0.5);
    detector->free_state(trained);
}

static void any_number_of_threads_gives_the_same_bytes(void **state)
{
    static const size_t threads[] = {2, 7};
    struct fixture fixture;
    const struct detector *detector;
    struct text first = {0};
    void *trained;

    (void)state;
    fill(&fixture);
    trained = fit(&fixture, 1, &detector);
    detector->write(trained, &first);
    detector->free_state(trained);
    for (size_t i = 0; i < 2; i++) {
        struct text bytes = {0};
        struct error error = {0};
        void *read;

        trained = fit(&fixture, threads[i], &detector);
        detector->write(trained, &bytes);
        assert_int_equal(bytes.length, first.length);
        assert_memory_equal(bytes.bytes, first.bytes, first.length);
        assert_int_equal(detector->read(bytes.bytes, bytes.length, COLUMNS, 1, NULL, &read, &error),
                         0);
        detector->free_state(read);
        detector->free_state(trained);
        text_free(&bytes);
    }
    text_free(&first);
}

static void no_window_is_an_error(void **state)
{
    struct detector_setting setting = {.threads = 1, .seed = 5};
    struct fixture fixture;
    size_t labels[ROWS] = {0};
    struct detector_training training;
    struct error error = {0};
    void *trained;

    (void)state;
    fill(&fixture);
    for (size_t row = 0; row < ROWS; row++)
        fixture.sequences[row] = row / (WINDOW - 1);
    training = (struct detector_training){fixture.rows, labels, 1, groups, 2};
    assert_int_equal(
        detector_parse(words, &setting, &error)->fit(&training, &setting, &trained, &error), -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    assert_non_null(strstr(error.hint, "window=5"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_without_a_window_have_no_score),
        cmocka_unit_test(a_window_scores_the_same_alone),
        cmocka_unit_test(many_rows_have_the_scores_of_few),
        cmocka_unit_test(a_broken_rhythm_stands_out),
        cmocka_unit_test(any_number_of_threads_gives_the_same_bytes),
        cmocka_unit_test(no_window_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
