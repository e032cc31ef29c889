/* How SIPp is started. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/load_sipp.h"

static const char *value_of(const struct sipp_command *command, const char *option)
{
    for (size_t i = 0; command->arguments[i] != NULL; i++) {
        if (strcmp(command->arguments[i], option) == 0)
            return command->arguments[i + 1];
    }
    return NULL;
}

static void build(struct sipp_command *command)
{
    char transport[] = "udp";
    char domain[] = "ims.test";
    char service[] = "192.0.2.1:5060";
    struct load_plan plan = {.transport = transport, .domain = domain, .service = service};
    char address[] = "192.0.2.2";
    char port[] = "5070";
    char control[] = "8888";
    struct sipp_host host = {.address = address, .port = port, .control = control};

    sipp_command_build(command, SIPP_CALLER, &plan, &host, 2, 0);
}

static void test_start_is_of_one_length(void **state)
{
    struct sipp_command command;

    (void)state;
    build(&command);
    assert_int_equal(strlen(command.start), 8);
    for (size_t i = 0; i < 8; i++)
        assert_true(isxdigit((unsigned char)command.start[i]));
    assert_string_equal(value_of(&command, "start"), command.start);
}

static void test_call_id_has_no_process_number(void **state)
{
    struct sipp_command command;
    char *expected;

    (void)state;
    build(&command);
    expected = memory_format("%%u-%s@%%s", command.start);
    assert_string_equal(value_of(&command, "-cid_str"), expected);
    free(expected);
}

static void test_starts_differ(void **state)
{
    struct sipp_command first;
    struct sipp_command second;
    int64_t begin = clock_now();

    (void)state;
    build(&first);
    while (clock_now() < begin + 2 * CLOCK_MILLISECOND)
        ;
    build(&second);
    assert_string_not_equal(first.start, second.start);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_is_of_one_length),
        cmocka_unit_test(test_call_id_has_no_process_number),
        cmocka_unit_test(test_starts_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
