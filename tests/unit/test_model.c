/* Saved models: read back they score the same; damaged ones and other metrics are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "analysis/model.h"
#include "base/bytes.h"
#include "base/file.h"
#include "base/memory.h"
#include "tests/unit/fixture_run.h"

static const char *const detector_names[] = {"forest", "forest:classes=joint"};
enum { DETECTORS = sizeof detector_names / sizeof *detector_names };

struct fixture {
    char *folder;
    char *path;
    struct dataset *dataset;
    size_t *rows;
    struct model *model;
};

static struct fixture make_fixture(const char *name)
{
    struct fixture fixture = {.folder = fixture_folder()};
    struct fixture_run run = {.experiments = 5, .observations = 40, .effect = 4, .seed = 2};
    struct detector_setting setting = {.trees = 5, .threads = 1, .seed = 1};
    struct pipeline pipeline = {0};
    struct error error = {0};
    const struct detector *detector = detector_parse(name, &setting, &error);
    struct store *store;

    fixture.path = memory_format("%s/m", fixture.folder);
    assert_int_equal(fixture_run_make(fixture.folder, &run, &error), 0);
    assert_int_equal(store_open(fixture.folder, STORE_READ, &store, &error), 0);
    assert_int_equal(dataset_read(store, "sprout", &pipeline, &fixture.dataset, &error), 0);
    assert_int_equal(store_close(store, &error), 0);
    fixture.rows = memory_new(fixture.dataset->rows, sizeof(size_t));
    for (size_t i = 0; i < fixture.dataset->rows; i++)
        fixture.rows[i] = i;
    assert_int_equal(model_train(detector, &setting, fixture.dataset, fixture.rows,
                                 fixture.dataset->rows, NULL, &fixture.model, &error),
                     0);
    assert_int_equal(model_write(fixture.model, fixture.path, NULL, &error), 0);
    return fixture;
}

static void free_fixture(struct fixture *fixture)
{
    struct error error = {0};

    assert_int_equal(folder_remove(fixture->folder, &error), 0);
    model_free(fixture->model);
    dataset_free(fixture->dataset);
    free(fixture->rows);
    free(fixture->folder);
    free(fixture->path);
}

/* The file scores as the model that it was written of. */
static void assert_scores_the_same(const struct fixture *fixture)
{
    size_t count = fixture->dataset->rows * fixture->dataset->label_count;
    double *scores = memory_new(count, sizeof *scores);
    double *again = memory_new(count, sizeof *again);
    struct model *model;
    struct error error = {0};

    assert_int_equal(model_read(fixture->path, &model, &error), 0);
    assert_int_equal(model_check_metrics(model, fixture->dataset, &error), 0);
    assert_string_equal(model->target, "sprout");
    assert_string_equal(model->questions[0], "binary");
    assert_int_equal(model->question_count, fixture->dataset->label_count);
    model_score(fixture->model, fixture->dataset, fixture->rows, fixture->dataset->rows, scores);
    model_score(model, fixture->dataset, fixture->rows, fixture->dataset->rows, again);
    assert_memory_equal(again, scores, count * sizeof *scores);
    model_free(model);
    free(scores);
    free(again);
}

static void a_model_read_back_scores_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < DETECTORS; i++) {
        struct fixture fixture = make_fixture(detector_names[i]);

        assert_scores_the_same(&fixture);
        free_fixture(&fixture);
    }
}

/* Takes a word out of the header, whose length is told before it. */
static void remove_from_header(const char *path, const char *word)
{
    struct text bytes = {0};
    struct text without = {0};
    struct error error = {0};
    uint64_t header = 0;
    const char *found;

    assert_int_equal(file_read(path, 1 << 28, &bytes, &error), 0);
    found = memmem(bytes.bytes, bytes.length, word, strlen(word));
    assert_non_null(found);
    for (size_t i = 4; i-- > 0;)
        header = header << 8 | (uint8_t)bytes.bytes[12 + i];
    text_append_bytes(&without, bytes.bytes, 12);
    bytes_put_integer(&without, header - strlen(word), 4);
    text_append_bytes(&without, bytes.bytes + 16, (size_t)(found - bytes.bytes) - 16);
    found += strlen(word);
    text_append_bytes(&without, found, (size_t)(bytes.bytes + bytes.length - found));
    assert_int_equal(file_write(path, without.bytes, without.length, &error), 0);
    text_free(&bytes);
    text_free(&without);
}

/* Older ones know nothing of classes, or of bins. */
static void older_files_are_read(void **state)
{
    struct fixture fixture = make_fixture("forest");

    (void)state;
    remove_from_header(fixture.path, ",classes=each");
    assert_scores_the_same(&fixture);
    remove_from_header(fixture.path, ":bins=0");
    assert_scores_the_same(&fixture);
    free_fixture(&fixture);
}

static void other_metrics_are_refused(void **state)
{
    struct fixture fixture = make_fixture("forest");
    struct dataset_metric *metric = &fixture.dataset->metrics[2];
    struct error error = {0};
    char *name = metric->name;

    (void)state;
    metric->name = (char[]){"another"};
    assert_int_equal(model_check_metrics(fixture.model, fixture.dataset, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_non_null(strstr(error.what, "another"));
    assert_non_null(strstr(error.what, name));
    metric->name = name;
    metric->counter = !metric->counter;
    assert_int_equal(model_check_metrics(fixture.model, fixture.dataset, &error), -1);
    metric->counter = !metric->counter;
    fixture.dataset->columns--;
    assert_int_equal(model_check_metrics(fixture.model, fixture.dataset, &error), -1);
    fixture.dataset->columns++;
    free_fixture(&fixture);
}

static void read_wrong(const char *path, const char *bytes, size_t length)
{
    struct error error = {0};
    struct model *model;

    assert_int_equal(file_write(path, bytes, length, &error), 0);
    assert_int_equal(model_read(path, &model, &error), -1);
    assert_null(model);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_string_equal(error.where, path);
}

static void assert_damaged_are_refused(const char *name)
{
    struct fixture fixture = make_fixture(name);
    struct text bytes = {0};
    struct error error = {0};

    assert_int_equal(file_read(fixture.path, 1 << 28, &bytes, &error), 0);
    for (size_t length = 0; length < bytes.length; length += 1 + length / 50)
        read_wrong(fixture.path, bytes.bytes, length);
    text_append(&bytes, "x");
    read_wrong(fixture.path, bytes.bytes, bytes.length);
    bytes.bytes[8] = 3; /* a later version */
    read_wrong(fixture.path, bytes.bytes, bytes.length);
    read_wrong(fixture.path, "#!/bin/sh\necho not a model\n", 27);
    text_free(&bytes);
    free_fixture(&fixture);
}

static void damaged_files_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < DETECTORS; i++)
        assert_damaged_are_refused(detector_names[i]);
}

/* Reads and scores, if it can be read, and is of as many questions. */
static void try_file(const struct fixture *fixture, double *scores)
{
    struct error error = {0};
    struct model *model;

    if (model_read(fixture->path, &model, &error) == 0 &&
        model->question_count == fixture->dataset->label_count &&
        model_check_metrics(model, fixture->dataset, &error) == 0)
        model_score(model, fixture->dataset, fixture->rows, fixture->dataset->rows, scores);
    model_free(model);
}

/* Every third byte of the header and of what begins behind it. */
static void try_wrong_bytes(const char *name)
{
    struct fixture fixture = make_fixture(name);
    double *scores =
        memory_new(fixture.dataset->rows * fixture.dataset->label_count, sizeof *scores);
    struct text bytes = {0};
    struct error error = {0};

    assert_int_equal(file_read(fixture.path, 1 << 28, &bytes, &error), 0);
    for (size_t i = 0; i < 7000 && i < bytes.length; i += 3) {
        char right = bytes.bytes[i];

        bytes.bytes[i] = (char)(right ^ (1 << i % 7));
        assert_int_equal(file_write(fixture.path, bytes.bytes, bytes.length, &error), 0);
        try_file(&fixture, scores);
        bytes.bytes[i] = right;
    }
    free(scores);
    text_free(&bytes);
    free_fixture(&fixture);
}

/* Whatever is wrong: refused, or safe to score with. */
static void wrong_bytes_do_no_harm(void **state)
{
    (void)state;
    for (size_t i = 0; i < DETECTORS; i++)
        try_wrong_bytes(detector_names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_read_back_scores_the_same),
        cmocka_unit_test(older_files_are_read),
        cmocka_unit_test(other_metrics_are_refused),
        cmocka_unit_test(damaged_files_are_refused),
        cmocka_unit_test(wrong_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
