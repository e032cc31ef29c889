/* Bringing a lab up, and taking down whatever there is of one. */
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "lab/ended.h"
#include "lab/folders.h"
#include "lab/holder.h"
#include "lab/keys.h"
#include "lab/lab.h"
#include "lab/lock.h"
#include "lab/network.h"
#include "lab/probe.h"
#include "lab/subscribers.h"
#include "lab/testbed_file.h"

/* Far longer than it takes; a machine may be busy. */
#define BOOT_PATIENCE (60 * CLOCK_SECOND)

static int check_machine(struct error *error)
{
    struct text report = {0};
    size_t missing = lab_check(&report);

    if (missing > 0) {
        error_set(error, ERROR_UNREACHABLE, "this machine lacks what the lab needs:\n%s",
                  text_string(&report));
        error_hint(error, "'vnfault lab check' names it all");
    }
    text_free(&report);
    return missing > 0 ? -1 : 0;
}

static int start_hosts(const struct lab *lab, const struct cgroup_layout *layout,
                       struct error *error)
{
    int reports[LAB_HOST_COUNT];
    size_t started = 0;
    int result = 0;

    for (; result == 0 && started < LAB_HOST_COUNT; started += result == 0)
        result = holder_start(lab, &lab_hosts[started], layout, &reports[started], error);
    for (size_t i = 0; i < started; i++) {
        struct error failure = {0};

        if (holder_wait(reports[i], &lab_hosts[i], &failure) < 0 && result == 0) {
            *error = failure;
            result = -1;
        }
    }
    return result;
}

/* Makes the groups above the hosts'; under the lock, as another lab's end may be removing the group
 * above it. */
static int make_groups(const struct lab *lab, const struct cgroup_layout *layout,
                       struct error *error)
{
    static const struct cgroup_limits unlimited;
    static const struct cgroup_limits all_labs = {.weight = LAB_WEIGHT};
    char group[LAB_NAME_SIZE];
    int shared = lock_shared_folders(error);
    int result;

    if (shared < 0)
        return -1;
    lab_group(lab, "holders", group);
    result = cgroup_make(layout, "vnfault", &all_labs, error);
    if (result == 0)
        result = cgroup_make(layout, group, &unlimited, error);
    lock_release(shared);
    return result;
}

static int make(const struct lab *lab, struct stop *stop, struct error *error)
{
    struct cgroup_layout layout;

    if (folders_make(lab, error) < 0 ||
        cgroup_layout_read(&layout, "/proc/self/mountinfo", lab->data, error) < 0)
        return -1;
    if (make_groups(lab, &layout, error) < 0 || keys_make(lab, error) < 0 ||
        subscribers_make(lab, error) < 0 || testbed_file_write(lab, error) < 0 ||
        network_make(lab, error) < 0)
        return -1;
    if (start_hosts(lab, &layout, error) < 0)
        return -1;
    for (size_t i = 0; i < LAB_HOST_COUNT; i++) {
        if (probe_wait(lab, &lab_hosts[i], BOOT_PATIENCE, stop, error) < 0)
            return -1;
    }
    return 0;
}

/* Kills and removes the group of the lab; the group of all labs too when this was the last. */
static int remove_groups(const struct lab *lab, const struct cgroup_layout *layout,
                         struct error *error)
{
    char group[LAB_NAME_SIZE];
    int shared;

    /* Holders go first: they would start the hosts again. */
    lab_group(lab, "holders", group);
    if (cgroup_kill(layout, group, error) < 0)
        return -1;
    lab_group(lab, NULL, group);
    if (cgroup_kill(layout, group, error) < 0 || cgroup_remove(layout, group, true, error) < 0)
        return -1;
    shared = lock_shared_folders(error);
    if (shared < 0)
        return -1;
    cgroup_remove_empty(layout, "vnfault");
    lock_release(shared);
    return 0;
}

static int clear(const struct lab *lab, struct error *error)
{
    struct cgroup_layout layout;

    if (cgroup_layout_read(&layout, "/proc/self/mountinfo", "/var/lib", error) < 0 ||
        remove_groups(lab, &layout, error) < 0 || network_remove(lab, error) < 0 ||
        ended_wait(lab, error) < 0)
        return -1;
    return folders_remove(lab, error);
}

int lab_up(const struct lab *lab, struct stop *stop, struct error *error)
{
    int lock;
    int result;

    if (check_machine(error) < 0)
        return -1;
    umask(077);
    lock = lock_new(lab, error);
    if (lock < 0)
        return -1;
    result = make(lab, stop, error);
    if (result < 0) {
        struct error failure = {0};

        if (clear(lab, &failure) < 0)
            *error = failure;
    }
    lock_release(lock);
    return result;
}

int lab_down(const struct lab *lab, struct stop *stop, struct error *error)
{
    int lock = lock_take(lab, stop, error);
    int result;

    if (lock == -1)
        return -1;
    result = clear(lab, error);
    lock_release(lock);
    return result;
}
