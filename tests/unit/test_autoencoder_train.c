/* Training of the LSTM autoencoder: that it learns, repeats itself, and ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/autoencoder_file.h"
#include "analysis/autoencoder_train.h"
#include "base/memory.h"
#include "tests/unit/autoencoder_fixture.h"

static void it_learns_what_is_normal(void **state)
{
    struct autoencoder_fixture normal = autoencoder_fixture_waves(10, 700, 0);
    struct autoencoder_fixture other = autoencoder_fixture_waves(10, 700, 0.7);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_training training;
    struct error error = {0};
    double before = autoencoder_mean_error(normal.pass, &normal.windows);
    double after;

    (void)state;
    setting.epochs = 40;
    setting.learning_rate = 0.005;
    setting.dropout = 0;
    assert_int_equal(autoencoder_train(normal.net, &normal.windows, &setting, &training, &error),
                     0);
    after = autoencoder_mean_error(normal.pass, &normal.windows);
    assert_true(after < before / 10);
    assert_true(autoencoder_mean_error(normal.pass, &other.windows) > 3 * after);
    assert_int_equal(training.validation_windows, 69);
    /* The ten rows before the first window held out are in a window with it. */
    assert_int_equal(training.trained_windows, 691 - 69 - 9);
    autoencoder_fixture_close(&normal);
    autoencoder_fixture_close(&other);
}

static struct text train_to_bytes(uint64_t seed)
{
    struct autoencoder_fixture fixture = autoencoder_fixture_waves(6, 200, 0);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_training training;
    struct error error = {0};
    struct text bytes = {0};

    setting.epochs = 3;
    setting.seed = seed;
    if (autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error) == 0)
        autoencoder_write(fixture.net, &bytes);
    autoencoder_fixture_close(&fixture);
    return bytes;
}

static void *train_in_thread(void *bytes)
{
    *(struct text *)bytes = train_to_bytes(7);
    return NULL;
}

static void same_seed_gives_same_bytes_in_any_thread(void **state)
{
    struct text first = train_to_bytes(7);
    struct text other = train_to_bytes(8);
    struct text again[3] = {0};
    pthread_t threads[3];

    (void)state;
    assert_true(first.length > 0 && other.length == first.length);
    assert_memory_not_equal(first.bytes, other.bytes, first.length);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, train_in_thread, &again[i]), 0);
    for (size_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(again[i].length, first.length);
        assert_memory_equal(again[i].bytes, first.bytes, first.length);
        text_free(&again[i]);
    }
    text_free(&first);
    text_free(&other);
}

static void it_stops_early_and_keeps_the_best(void **state)
{
    struct autoencoder_fixture fixture = autoencoder_fixture_waves(5, 120, 0);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_windows held_out;
    struct autoencoder_training training;
    struct error error = {0};

    (void)state;
    /* So large steps that the error goes up and down. */
    setting.learning_rate = 0.3;
    setting.patience = 3;
    setting.validation_share = 0.25;
    setting.epochs = 1000;
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     0);
    assert_true(training.epochs < setting.epochs);
    assert_int_equal(training.epochs, training.best_epoch + 3);
    held_out = (struct autoencoder_windows){
        fixture.values, fixture.starts + fixture.windows.count - training.validation_windows,
        training.validation_windows};
    assert_int_equal(training.validation_windows, 28);
    assert_true(fabs(autoencoder_mean_error(fixture.pass, &held_out) - training.validation_error) <
                1e-6);
    autoencoder_fixture_close(&fixture);
}

static void what_cannot_be_trained_is_said(void **state)
{
    struct autoencoder_fixture fixture = autoencoder_fixture_waves(3, 40, 0);
    struct autoencoder_setting setting = autoencoder_default_setting;
    struct autoencoder_training training;
    struct error error = {0};

    (void)state;
    fixture.windows.count = 9; /* each shares rows with the one held out */
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    setting.validation_share = 0;
    setting.epochs = 2;
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     0);
    assert_int_equal(training.trained_windows, 9);
    assert_true(isnan(training.validation_error));
    fixture.net->weights.values[0] = NAN;
    assert_int_equal(autoencoder_train(fixture.net, &fixture.windows, &setting, &training, &error),
                     -1);
    assert_int_equal(error.kind, ERROR_INCONCLUSIVE);
    autoencoder_fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_learns_what_is_normal),
        cmocka_unit_test(same_seed_gives_same_bytes_in_any_thread),
        cmocka_unit_test(it_stops_early_and_keeps_the_best),
        cmocka_unit_test(what_cannot_be_trained_is_said),
    };

    return cmocka_run_group_tests_name("autoencoder_train", tests, autoencoder_fixture_blas, NULL);
}
