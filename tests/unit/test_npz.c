/* cli/npz: arrays byte by byte, whole files or none. That numpy reads them: test_numpy.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zip.h>

#include "base/file.h"
#include "base/memory.h"
#include "cli/npz.h"
#include "tests/unit/fixture_run.h"

struct scene {
    char *folder;
    char *path;
    struct npz *npz;
    struct error error;
};

#define MUST(call) must((call), &scene->error)

static void must(int result, const struct error *error)
{
    if (result != 0)
        fail_msg("%s: %s", error->where, error->what);
}

static int set_up(void **state)
{
    struct scene *scene = memory_new(1, sizeof *scene);

    scene->folder = fixture_folder();
    scene->path = memory_format("%s/file.npz", scene->folder);
    MUST(folder_make(scene->folder, &scene->error));
    MUST(npz_open(scene->path, &scene->npz, &scene->error));
    *state = scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    MUST(folder_remove(scene->folder, &scene->error));
    free(scene->folder);
    free(scene->path);
    free(scene);
    return 0;
}

static void *copy(const void *bytes, size_t size)
{
    void *result = memory_new(1, size);

    memcpy(result, bytes, size);
    return result;
}

static const double matrix[] = {1, 2.5, NAN, -INFINITY, 0.1, 0};

static void add_matrix(struct scene *scene, const char *name)
{
    MUST(npz_add_doubles(scene->npz, name, copy(matrix, sizeof matrix), 2, 3, &scene->error));
}

/* The array of the closed file is stored plainly: this header, blanks and a new line up to byte
 * 128, these values. */
static void array_is(const struct scene *scene, const char *name, const char *header,
                     const void *values, size_t size)
{
    zip_t *archive = zip_open(scene->path, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    struct text expected = {0};
    char found[512];
    zip_stat_t status;
    zip_file_t *file;

    assert_non_null(archive);
    text_append_bytes(&expected, "\x93NUMPY\x01\x00\x76\x00", 10);
    text_appendf(&expected, "%-117s\n", header);
    text_append_bytes(&expected, values, size);
    assert_int_equal(zip_stat(archive, name, 0, &status), 0);
    assert_int_equal(status.comp_method, ZIP_CM_STORE);
    file = zip_fopen(archive, name, 0);
    assert_non_null(file);
    assert_int_equal(zip_fread(file, found, sizeof found), (zip_int64_t)(128 + size));
    assert_memory_equal(found, expected.bytes, expected.length);
    zip_fclose(file);
    zip_discard(archive);
    text_free(&expected);
}

static void numbers_are_as_numpy_documents_them(void **state)
{
    struct scene *scene = *state;
    const int64_t integers[] = {INT64_MIN, -1, 7};
    const bool flags[] = {true, false};

    add_matrix(scene, "a/values");
    MUST(npz_add_integers(scene->npz, "integers", copy(integers, sizeof integers), 3,
                          &scene->error));
    MUST(npz_add_flags(scene->npz, "flags", copy(flags, sizeof flags), 2, &scene->error));
    MUST(npz_close(scene->npz, &scene->error));
    array_is(scene, "a/values.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }",
             matrix, sizeof matrix);
    array_is(scene, "integers.npy", "{'descr': '<i8', 'fortran_order': False, 'shape': (3,), }",
             integers, sizeof integers);
    array_is(scene, "flags.npy", "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }",
             "\x01\x00", 2);
}

/* Each text has the room of the longest; a byte that is no UTF-8 is one U+FFFD. */
static void texts_are_utf32(void **state)
{
    struct scene *scene = *state;
    const char *const texts[] = {"a\n'", "", "\xf0\x9f\x98\x80\xff", "\xc3\xa9"};
    const uint32_t codes[] = {'a', '\n', '\'', 0, 0, 0, 0x1f600, 0xfffd, 0, 0xe9, 0, 0};

    MUST(npz_add_texts(scene->npz, "texts", texts, 4, &scene->error));
    MUST(npz_close(scene->npz, &scene->error));
    array_is(scene, "texts.npy", "{'descr': '<U3', 'fortran_order': False, 'shape': (4,), }", codes,
             sizeof codes);
}

static void arrays_may_be_empty(void **state)
{
    struct scene *scene = *state;

    MUST(npz_add_doubles(scene->npz, "values", memory_new(0, 1), 0, 3, &scene->error));
    MUST(npz_add_texts(scene->npz, "texts", NULL, 0, &scene->error));
    MUST(npz_close(scene->npz, &scene->error));
    array_is(scene, "values.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3), }", "",
             0);
    array_is(scene, "texts.npy", "{'descr': '<U1', 'fortran_order': False, 'shape': (0,), }", "",
             0);
}

static void long_texts_are_refused(void **state)
{
    struct scene *scene = *state;
    char *text = memory_new(NPZ_LONGEST_TEXT + 2, 1);
    const char *const texts[] = {text};

    memset(text, 'x', NPZ_LONGEST_TEXT);
    MUST(npz_add_texts(scene->npz, "fits", texts, 1, &scene->error));
    text[NPZ_LONGEST_TEXT] = 'x';
    assert_int_equal(npz_add_texts(scene->npz, "long", texts, 1, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    npz_discard(scene->npz);
    free(text);
}

static void a_name_is_taken_once(void **state)
{
    struct scene *scene = *state;

    add_matrix(scene, "a");
    assert_int_equal(
        npz_add_doubles(scene->npz, "a", copy(matrix, sizeof matrix), 2, 3, &scene->error), -1);
    npz_discard(scene->npz);
}

static void read_file(struct scene *scene, struct text *text)
{
    text_clear(text);
    MUST(file_read(scene->path, 65536, text, &scene->error));
}

static void same_arrays_give_the_same_bytes(void **state)
{
    struct scene *scene = *state;
    struct text first = {0};
    struct text second = {0};

    add_matrix(scene, "a");
    MUST(npz_close(scene->npz, &scene->error));
    read_file(scene, &first);
    MUST(npz_open(scene->path, &scene->npz, &scene->error));
    add_matrix(scene, "a");
    MUST(npz_close(scene->npz, &scene->error));
    read_file(scene, &second);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.bytes, second.bytes, first.length);
    text_free(&first);
    text_free(&second);
}

static void what_was_there_stays_until_the_file_is_whole(void **state)
{
    struct scene *scene = *state;
    struct text text = {0};

    add_matrix(scene, "a");
    npz_discard(scene->npz);
    assert_false(file_exists(scene->path));
    MUST(file_write(scene->path, "old", 3, &scene->error));
    MUST(npz_open(scene->path, &scene->npz, &scene->error));
    add_matrix(scene, "a");
    read_file(scene, &text);
    assert_string_equal(text_string(&text), "old");
    npz_discard(scene->npz);
    read_file(scene, &text);
    assert_string_equal(text_string(&text), "old");
    MUST(npz_open(scene->path, &scene->npz, &scene->error));
    add_matrix(scene, "a");
    MUST(npz_close(scene->npz, &scene->error));
    array_is(scene, "a.npy", "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }", matrix,
             sizeof matrix);
    text_free(&text);
}

static void places_that_can_not_be_written_are_bad_input(void **state)
{
    struct scene *scene = *state;

    add_matrix(scene, "a");
    MUST(folder_remove(scene->folder, &scene->error));
    assert_int_equal(npz_close(scene->npz, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.what, "No such file"));
    MUST(folder_make(scene->path, &scene->error));
    assert_int_equal(npz_open(scene->path, &scene->npz, &scene->error), -1);
    assert_int_equal(scene->error.kind, ERROR_INPUT);
    assert_non_null(strstr(scene->error.what, "no plain file"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(numbers_are_as_numpy_documents_them),
        CASE(texts_are_utf32),
        CASE(arrays_may_be_empty),
        CASE(long_texts_are_refused),
        CASE(a_name_is_taken_once),
        CASE(same_arrays_give_the_same_bytes),
        CASE(what_was_there_stays_until_the_file_is_whole),
        CASE(places_that_can_not_be_written_are_bad_input),
    };

    return cmocka_run_group_tests_name("npz", tests, NULL, NULL);
}
