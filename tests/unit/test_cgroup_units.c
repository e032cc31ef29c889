/* runner/collector_cgroup_units: which control group is that of a machine or a service. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_cgroup_find.h"

#define LONG "a-machine-with-a-name-that-is-longer-than-the-sixty-four-letters-there-may-be"

static const char folders[] =
    "./system.slice/ssh.service\n"
    "./system.slice/system-getty.slice/getty@tty1.service\n"
    "./machine.slice/machine-qemu\\x2d3\\x2dsprout.scope\n"
    "./machine.slice/machine-qemu\\x2d12\\x2dmyvm\\x2d2.scope\n"
    "./machine.slice/machine-plain.scope\n"
    "./machine/qemu-4-bono.libvirt-qemu\n"
    "./machine/lxc-5-twice.libvirt-lxc\n"
    "./machine/qemu-6-twice.libvirt-qemu\n"
    "./machine/qemu-7-a-machine-with-a-name-that-is-longer-than-the-sixty-four-"
    ".libvirt-qemu\n"
    "./user.slice/user-0.slice/session-1.scope\n"
    "\n"
    "./machine.slice/machine-\\x00.scope\n";

typedef int choose_group(const struct text *folders, const char *name, char **group,
                         struct error *error);

static void expect(choose_group *choose, const char *name, const char *group)
{
    struct text text = {0};
    struct error error = {0};
    char *found;

    text_append(&text, folders);
    if (choose(&text, name, &found, &error) < 0)
        fail_msg("%s: %s", name, error.what);
    assert_string_equal(found, group);
    free(found);
    text_free(&text);
}

static void refuse(choose_group *choose, const char *name, const char *what, const char *hint)
{
    struct text text = {0};
    struct error error = {0};
    char *found;

    text_append(&text, folders);
    assert_int_equal(choose(&text, name, &found, &error), -1);
    assert_int_equal(error.kind, ERROR_UNREACHABLE);
    assert_non_null(strstr(error.what, what));
    assert_non_null(strstr(error.hint, hint));
    free(found);
    text_free(&text);
}

static void machines_are_found(void **state)
{
    (void)state;
    expect(cgroup_choose_machine, "sprout", "machine.slice/machine-qemu\\x2d3\\x2dsprout.scope");
    expect(cgroup_choose_machine, "bono", "machine/qemu-4-bono.libvirt-qemu");
    expect(cgroup_choose_machine, "plain", "machine.slice/machine-plain.scope");
    /* libvirt leaves out what a host's name can't have, and cuts off what is too long. */
    expect(cgroup_choose_machine, "my_vm--2",
           "machine.slice/machine-qemu\\x2d12\\x2dmyvm\\x2d2.scope");
    expect(cgroup_choose_machine, LONG,
           "machine/qemu-7-a-machine-with-a-name-that-is-longer-than-the-sixty-four-.libvirt-qemu");
}

static void services_are_found(void **state)
{
    (void)state;
    expect(cgroup_choose_service, "ssh.service", "system.slice/ssh.service");
    expect(cgroup_choose_service, "getty@tty1.service",
           "system.slice/system-getty.slice/getty@tty1.service");
}

static void others_are_refused(void **state)
{
    (void)state;
    refuse(cgroup_choose_machine, "spro", "no control group is of the machine 'spro'",
           "ssh.service, getty@tty1.service");
    refuse(cgroup_choose_machine, "", "no control group", "There are");
    refuse(cgroup_choose_machine, "twice", "2 control groups are of the machine 'twice'",
           "machine/lxc-5-twice.libvirt-lxc, machine/qemu-6-twice.libvirt-qemu");
    refuse(cgroup_choose_service, "ssh", "no control group is of the service 'ssh'", "There are");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(machines_are_found),
        cmocka_unit_test(services_are_found),
        cmocka_unit_test(others_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
