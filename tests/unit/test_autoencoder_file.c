/* An autoencoder in a model file: read back as it was, or refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "analysis/autoencoder_file.h"
#include "analysis/autoencoder_pass.h"
#include "base/memory.h"
#include "tests/unit/autoencoder_fixture.h"

static void files_are_read_back_and_damaged_ones_refused(void **state)
{
    static const struct autoencoder_shape shape = {3, 4, {2, 1, 2, 3}};
    struct autoencoder *net = autoencoder_new(&shape, activation_find("elu"), 1);
    struct autoencoder *read;
    struct text bytes = {0};
    struct text again = {0};
    struct error error = {0};
    struct byte_reader reader;

    (void)state;
    autoencoder_write(net, &bytes);
    assert_int_equal(bytes.length, 28 + 4 * net->weights.count);
    reader = (struct byte_reader){bytes.bytes, bytes.length, 0};
    assert_int_equal(autoencoder_read(&reader, 3, &read, &error), 0);
    assert_int_equal(reader.at, bytes.length);
    assert_string_equal(read->activation->name, "elu");
    autoencoder_write(read, &again);
    assert_memory_equal(again.bytes, bytes.bytes, bytes.length);
    autoencoder_free(read);
    reader.at = 0;
    assert_int_equal(autoencoder_read(&reader, 2, &read, &error), -1);
    for (size_t length = 0; length < bytes.length; length++) {
        reader = (struct byte_reader){bytes.bytes, length, 0};
        error_clear(&error);
        assert_int_equal(autoencoder_read(&reader, 3, &read, &error), -1);
        assert_null(read);
        assert_int_equal(error.kind, ERROR_INPUT);
    }
    autoencoder_free(net);
    text_free(&bytes);
    text_free(&again);
}

/* Whatever byte is wrong: refused, or safe to score with. */
static void wrong_bytes_do_no_harm(void **state)
{
    static const struct autoencoder_shape shape = {3, 4, {2, 1, 2, 3}};
    struct autoencoder *net = autoencoder_new(&shape, activation_find("tanh"), 1);
    double *values = memory_new(AUTOENCODER_MOST_STEPS * shape.features, sizeof *values);
    size_t start = 0;
    struct autoencoder_windows windows = {values, &start, 1};
    struct text bytes = {0};
    double errors[3];

    (void)state;
    autoencoder_write(net, &bytes);
    autoencoder_free(net);
    for (size_t i = 0; i < bytes.length * 8; i++) {
        char *byte = &bytes.bytes[i / 8];
        struct error error = {0};
        struct byte_reader reader = {bytes.bytes, bytes.length, 0};

        *byte = (char)(*byte ^ (1 << i % 8));
        if (autoencoder_read(&reader, 3, &net, &error) == 0) {
            struct autoencoder_pass *pass = autoencoder_pass_new(net, 1);

            autoencoder_last_errors(pass, &windows, errors);
            autoencoder_pass_free(pass);
            autoencoder_free(net);
        }
        *byte = (char)(*byte ^ (1 << i % 8));
    }
    free(values);
    text_free(&bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_back_and_damaged_ones_refused),
        cmocka_unit_test(wrong_bytes_do_no_harm),
    };

    return cmocka_run_group_tests_name("autoencoder_file", tests, autoencoder_fixture_blas, NULL);
}
