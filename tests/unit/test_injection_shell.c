/* The shell that waits for the steps of an injection, as a script on this machine that does what
 * one on a target may do: answer in pieces, print what looks like an answer, fail, and die. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "runner/injection_shell.h"

/* By a command of its own it says who it is; as a shell it does what `behaviour` says with each
 * step. */
struct scene {
    char script[64];
    struct access *access;
    struct injection_shell *shell;
    struct command_result result;
    struct error error;
};

static void write_script(struct scene *scene, const char *behaviour)
{
    FILE *file;
    int descriptor;

    snprintf(scene->script, sizeof scene->script, "/tmp/vnfault-unit-shell.XXXXXX");
    descriptor = mkstemp(scene->script);
    assert_true(descriptor >= 0);
    file = fdopen(descriptor, "w");
    fprintf(file,
            "[ \"$1\" = wait ] || { echo \"command $*\"; exit 3; }\n"
            "echo 'done wait'\n"
            "while read -r number step amount; do\n%s\ndone\n",
            behaviour);
    fclose(file);
}

static void begin(struct scene *scene, const char *behaviour)
{
    memset(scene, 0, sizeof *scene);
    write_script(scene, behaviour);
    assert_int_equal(access_open(&access_this_machine, &scene->access, &scene->error), 0);
    scene->shell =
        injection_shell_start(scene->access, scene->script, 60 * CLOCK_SECOND, &scene->error);
    assert_non_null(scene->shell);
}

static int take(struct scene *scene, const char *step, const char *amount, int64_t timeout)
{
    const char *argv[] = {"sh", scene->script, step, amount, NULL};

    command_result_free(&scene->result);
    return injection_shell_take(&scene->shell, scene->access, argv, 0, timeout, &scene->result,
                                &scene->error);
}

static void end(struct scene *scene)
{
    command_result_free(&scene->result);
    injection_shell_end(scene->shell);
    access_close(scene->access);
    unlink(scene->script);
}

static void test_steps_are_lines_and_each_has_its_answer(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, "echo \"step $step $amount\"; printf '\\nover %s 0\\n' $number");
    assert_int_equal(take(&scene, "apply", NULL, 60 * CLOCK_SECOND), 0);
    assert_string_equal(text_string(&scene.result.output), "step apply \n\n");
    assert_int_equal(scene.result.exit_status, 0);
    assert_int_equal(take(&scene, "change", "5000", 60 * CLOCK_SECOND), 0);
    assert_string_equal(text_string(&scene.result.output), "step change 5000\n\n");
    assert_non_null(scene.shell);
    end(&scene);
}

static void test_a_step_that_fails_leaves_the_shell(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, "echo 'error rules no'; printf '\\nover %s 1\\n' $number");
    assert_int_equal(take(&scene, "apply", NULL, 60 * CLOCK_SECOND), 0);
    assert_string_equal(text_string(&scene.result.output), "error rules no\n\n");
    assert_int_equal(scene.result.exit_status, 1);
    assert_non_null(scene.shell);
    end(&scene);
}

static void test_only_the_whole_line_of_that_step_is_its_end(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, "echo \"detail over $number 7\"; echo 'over 99 7'; echo \"over ${number}0 7\"\n"
                  "printf '\\nover %s' $number; printf ' 0\\n'");
    assert_int_equal(take(&scene, "verify", NULL, 60 * CLOCK_SECOND), 0);
    assert_string_equal(text_string(&scene.result.output),
                        "detail over 1 7\nover 99 7\nover 10 7\n\n");
    assert_int_equal(scene.result.exit_status, 0);
    end(&scene);
}

static void test_where_it_died_a_command_takes_the_step(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, "echo 'instant 5'; kill -KILL $$");
    assert_int_equal(take(&scene, "revert", NULL, 60 * CLOCK_SECOND), 0);
    assert_string_equal(text_string(&scene.result.output), "command revert\n");
    assert_int_equal(scene.result.exit_status, 3);
    assert_null(scene.shell);
    assert_int_equal(scene.error.kind, ERROR_NONE);
    assert_int_equal(take(&scene, "change", "70", 60 * CLOCK_SECOND), 0);
    assert_string_equal(text_string(&scene.result.output), "command change 70\n");
    end(&scene);
}

/* A command would hang, too. */
static void test_one_that_owes_its_answer_past_the_time_is_given_up(void **state)
{
    struct scene scene;

    (void)state;
    begin(&scene, ":");
    assert_int_equal(take(&scene, "hold", NULL, CLOCK_SECOND / 10), -1);
    assert_int_equal(scene.error.kind, ERROR_UNREACHABLE);
    assert_non_null(strstr(scene.error.what, "'hold' did not end in time"));
    assert_null(scene.shell);
    end(&scene);
}

static void test_one_that_does_not_get_ready_is_told(void **state)
{
    struct scene scene = {0};

    (void)state;
    snprintf(scene.script, sizeof scene.script, "/nonexistent/injector.sh");
    assert_int_equal(access_open(&access_this_machine, &scene.access, &scene.error), 0);
    assert_null(injection_shell_start(scene.access, scene.script, 60 * CLOCK_SECOND, &scene.error));
    assert_non_null(strstr(scene.error.what, "the shell of the step 'wait' ended with status"));
    access_close(scene.access);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_are_lines_and_each_has_its_answer),
        cmocka_unit_test(test_a_step_that_fails_leaves_the_shell),
        cmocka_unit_test(test_only_the_whole_line_of_that_step_is_its_end),
        cmocka_unit_test(test_where_it_died_a_command_takes_the_step),
        cmocka_unit_test(test_one_that_owes_its_answer_past_the_time_is_given_up),
        cmocka_unit_test(test_one_that_does_not_get_ready_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
