/* runner/lock_owner: a live process, a dead one, one of elsewhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "runner/lock_owner.h"

/* The owner's text of a child that ended; `zombie` receives its number, and it is not waited for.
 */
static char *text_of_dead_child(pid_t *zombie)
{
    char text[1024] = "";
    int ends[2];
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        char *owner = lock_owner_text("vnfault run here:/a");
        ssize_t written = write(ends[1], owner, strlen(owner));

        _exit(written < 0 ? 1 : 0);
    }
    assert_true(read(ends[0], text, sizeof text - 1) > 0);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(waitid(P_PID, (id_t)child, &(siginfo_t){0}, WEXITED | WNOWAIT), 0);
    *zombie = child;
    return memory_string(text);
}

static void a_process_that_lives_is_not_dead(void **state)
{
    char *owner = lock_owner_text("vnfault heal");

    (void)state;
    assert_false(lock_owner_is_dead(owner));
    free(owner);
}

static void a_process_that_ended_is_dead_waited_for_or_not(void **state)
{
    pid_t child;
    char *owner = text_of_dead_child(&child);

    (void)state;
    assert_true(lock_owner_is_dead(owner));
    waitpid(child, NULL, 0);
    assert_true(lock_owner_is_dead(owner));
    free(owner);
}

static void a_number_that_was_given_anew_is_dead(void **state)
{
    char *owner = lock_owner_text("vnfault heal");
    char *start = strstr(owner, "started ") + strlen("started ");

    (void)state;
    *start = *start == '9' ? '8' : '9';
    assert_true(lock_owner_is_dead(owner));
    free(owner);
}

static void nothing_is_known_of_other_boots_and_namespaces(void **state)
{
    static const char *const marks[] = {"boot ", "namespace "};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        pid_t child;
        char *owner = text_of_dead_child(&child);
        char *at = strstr(owner, marks[i]) + strlen(marks[i]);

        waitpid(child, NULL, 0);
        *at = *at == '1' ? '2' : '1';
        assert_false(lock_owner_is_dead(owner));
        free(owner);
    }
    assert_false(lock_owner_is_dead("vnfault run here:/a"));
    assert_false(lock_owner_is_dead(""));
}

static void the_name_is_compared_whole_and_kept_to_one_line(void **state)
{
    pid_t child;
    char *dead = text_of_dead_child(&child);
    char *same = lock_owner_text("vnfault run here:/a");
    char *longer = lock_owner_text("vnfault run here:/a, process 1 started 2");
    char *foreign = lock_owner_text("\xc3\xa9\n");

    (void)state;
    waitpid(child, NULL, 0);
    assert_true(lock_owner_has_same_name(dead, same));
    assert_false(lock_owner_has_same_name(dead, longer));
    assert_int_equal(strncmp(foreign, "%C3%A9%0A, process ", 19), 0);
    free(dead);
    free(same);
    free(longer);
    free(foreign);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_that_lives_is_not_dead),
        cmocka_unit_test(a_process_that_ended_is_dead_waited_for_or_not),
        cmocka_unit_test(a_number_that_was_given_anew_is_dead),
        cmocka_unit_test(nothing_is_known_of_other_boots_and_namespaces),
        cmocka_unit_test(the_name_is_compared_whole_and_kept_to_one_line),
    };

    return cmocka_run_group_tests_name("lock_owner", tests, NULL, NULL);
}
