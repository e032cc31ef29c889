/* Forests as bytes: the same for any threads, read back, damaged ones refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/forest_file.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/unit/forest_data.h"

static struct text bytes_of(const struct forest_data *data, size_t threads, uint64_t seed,
                            size_t bins)
{
    struct forest_setting setting = {.trees = 12, .threads = threads, .seed = seed, .bins = bins};
    struct forest *forest = forest_data_fit(data, &setting);
    struct text bytes = {0};

    forest_write(forest, &bytes);
    forest_free(forest);
    return bytes;
}

static void assert_same_bytes(size_t bins, size_t classes)
{
    static const size_t threads[] = {2, 7, 0};
    struct forest_data data = forest_data_make(500, 30, classes, 11);
    struct text first = bytes_of(&data, 1, 9, bins);
    struct text other = bytes_of(&data, 1, 10, bins);

    assert_true(first.length != other.length ||
                memcmp(first.bytes, other.bytes, first.length) != 0);
    for (size_t i = 0; i < 3; i++) {
        struct text again = bytes_of(&data, threads[i], 9, bins);

        assert_int_equal(again.length, first.length);
        assert_memory_equal(again.bytes, first.bytes, first.length);
        text_free(&again);
    }
    text_free(&first);
    text_free(&other);
    forest_data_free(&data);
}

static void same_seed_gives_same_bytes(void **state)
{
    (void)state;
    assert_same_bytes(0, 0);
    assert_same_bytes(FOREST_BINS_MOST, 0);
    assert_same_bytes(0, 7);
    assert_same_bytes(FOREST_BINS_MOST, 7);
}

/* Of yes-or-no forests and of classes, some of whose leaves are mixed. */
static struct forest_data make_data(size_t classes)
{
    struct forest_data data = forest_data_make(60, 9, classes, 31);

    if (classes > 0)
        forest_data_coarsen(&data);
    return data;
}

static void assert_read_back(size_t classes)
{
    struct forest_data data = make_data(classes);
    struct text bytes = bytes_of(&data, 1, 1, 0);
    struct text again = {0};
    struct forest *forest;
    struct error error = {0};
    struct byte_reader reader = {bytes.bytes, bytes.length, 0};

    assert_int_equal(forest_read(&reader, data.columns, classes, &forest, &error), 0);
    assert_int_equal(reader.at, bytes.length);
    assert_true(classes == 0 || forest->trees[0].mixed_count > 0);
    forest_write(forest, &again);
    assert_int_equal(again.length, bytes.length);
    assert_memory_equal(again.bytes, bytes.bytes, bytes.length);
    forest_free(forest);
    for (size_t length = 0; length < bytes.length; length++) {
        reader = (struct byte_reader){bytes.bytes, length, 0};
        error_clear(&error);
        assert_int_equal(forest_read(&reader, data.columns, classes, &forest, &error), -1);
        assert_null(forest);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
    text_free(&again);
    text_free(&bytes);
    forest_data_free(&data);
}

static void files_are_read_back_and_damaged_ones_refused(void **state)
{
    (void)state;
    assert_read_back(0);
    assert_read_back(6);
}

/* Whatever byte is wrong: refused, or safe to score with. Returns how many were refused. */
static size_t try_wrong_bytes(size_t classes)
{
    struct forest_data data = make_data(classes);
    struct text bytes = bytes_of(&data, 1, 1, 0);
    double *scores = memory_new(data.rows * (classes + 1), sizeof *scores);
    size_t refused = 0;

    for (size_t i = 0; i < bytes.length; i++) {
        char right = bytes.bytes[i];
        struct forest *forest;
        struct error error = {0};
        struct byte_reader reader = {bytes.bytes, bytes.length, 0};

        bytes.bytes[i] = (char)(right ^ (1 << i % 8));
        if (forest_read(&reader, data.columns, classes, &forest, &error) < 0)
            refused++;
        if (forest != NULL) {
            forest_score(forest, data.values, data.rows, scores);
            if (classes > 0)
                forest_score_classes(forest, data.values, data.rows, scores);
        }
        forest_free(forest);
        bytes.bytes[i] = right;
    }
    free(scores);
    text_free(&bytes);
    forest_data_free(&data);
    return refused;
}

static void wrong_bytes_do_no_harm(void **state)
{
    (void)state;
    assert_true(try_wrong_bytes(0) > 100);
    assert_true(try_wrong_bytes(6) > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_gives_same_bytes),
        cmocka_unit_test(files_are_read_back_and_damaged_ones_refused),
        cmocka_unit_test(wrong_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("forest files", tests, NULL, NULL);
}
