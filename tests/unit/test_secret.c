/* Secrets read from a descriptor or a file. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/secret.h"

static struct stop stop;

/* A descriptor that holds the bytes and then ends. */
static int holding(const char *bytes, size_t length)
{
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, length), (ssize_t)length);
    close(ends[1]);
    return ends[0];
}

static void lines_are_told_apart(void **state)
{
    static const char text[] = "first\n\nsecond one\nthird";
    struct secret secret = {0};
    struct error error = {0};
    const char *line;

    (void)state;
    assert_int_equal(secret_read(holding(text, sizeof text - 1), &stop, &secret, &error), 0);
    assert_string_equal(secret.bytes, text);
    secret_split_lines(&secret);
    line = secret_line(&secret, NULL);
    assert_string_equal(line, "first");
    line = secret_line(&secret, line);
    assert_string_equal(line, "second one");
    line = secret_line(&secret, line);
    assert_string_equal(line, "third");
    assert_null(secret_line(&secret, line));
    secret_wipe(&secret);
    assert_null(secret.bytes);
    assert_null(secret_line(&secret, NULL));
    secret_wipe(&secret);
}

static void one_line_is_kept(void **state)
{
    static const char *const texts[] = {"pass word", "pass word\n", "pass word\nmore\n"};
    struct error error = {0};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct secret secret = {0};

        assert_int_equal(secret_read(holding(texts[i], strlen(texts[i])), &stop, &secret, &error),
                         0);
        secret_keep_line(&secret);
        assert_string_equal(secret.bytes, "pass word\n");
        assert_int_equal(secret.length, strlen("pass word\n"));
        secret_wipe(&secret);
    }
}

static void expect_refused(const char *bytes, size_t length)
{
    struct secret secret = {0};
    struct error error = {0};

    assert_int_equal(secret_read(holding(bytes, length), &stop, &secret, &error), -1);
    assert_int_equal(error.kind, ERROR_INPUT);
    assert_null(secret.bytes);
}

static void what_is_none_is_refused(void **state)
{
    char much[4001];

    (void)state;
    memset(much, 'x', sizeof much);
    expect_refused("", 0);
    expect_refused("\nsecond", 7);
    expect_refused("a\0b", 3);
    expect_refused(much, sizeof much);
}

/* Writes the bytes into a file of the test's own and reads that. */
static int read_from_file(const char *bytes, struct secret *secret, struct error *error)
{
    char path[] = "/tmp/vnfault-secret.XXXXXX";
    int descriptor = mkstemp(path);
    int result;

    assert_true(descriptor >= 0);
    assert_int_equal(write(descriptor, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
    close(descriptor);
    result = secret_read_file(path, secret, error);
    unlink(path);
    return result;
}

static void a_file_holds_one_line(void **state)
{
    static const char *const good[] = {"pass word", "pass word\n", " \n\tpass word \r\n\n"};
    static const char *const bad[] = {"", "\n", " \t\n", "two\nlines", "an\x1b[1mescape"};
    struct error error = {0};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        struct secret secret = {0};

        assert_int_equal(read_from_file(good[i], &secret, &error), 0);
        assert_string_equal(secret.bytes, "pass word");
        assert_int_equal(secret.length, strlen("pass word"));
        secret_wipe(&secret);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct secret secret = {0};

        assert_int_equal(read_from_file(bad[i], &secret, &error), -1);
        assert_int_equal(error.kind, ERROR_INPUT);
        assert_null(secret.bytes);
    }
}

static void what_is_no_file_is_refused(void **state)
{
    struct secret secret = {0};
    struct error error = {0};

    (void)state;
    assert_int_equal(secret_read_file("/dev/null", &secret, &error), -1);
    assert_string_equal(error.what, "/dev/null is not a regular file");
    assert_int_equal(secret_read_file("/nowhere/secret", &secret, &error), -1);
    assert_non_null(strstr(error.what, "can't read /nowhere/secret: "));
}

static void a_stop_ends_the_wait(void **state)
{
    struct secret secret = {0};
    struct error error = {0};
    struct stop asked;
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(stop_open(&asked, &error), 0);
    stop_request(&asked, SIGINT);
    assert_int_equal(secret_read(ends[0], &asked, &secret, &error), -1);
    assert_int_equal(error.kind, ERROR_INTERRUPTED);
    close(ends[1]);
    stop_close(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_told_apart),       cmocka_unit_test(one_line_is_kept),
        cmocka_unit_test(what_is_none_is_refused),    cmocka_unit_test(a_file_holds_one_line),
        cmocka_unit_test(what_is_no_file_is_refused), cmocka_unit_test(a_stop_ends_the_wait),
    };
    struct error error = {0};
    int result;

    if (stop_open(&stop, &error) < 0)
        return 1;
    result = cmocka_run_group_tests_name("secrets", tests, NULL, NULL);
    stop_close(&stop);
    return result;
}
