#include "lab/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"

#define RETRY_INTERVAL (10 * CLOCK_MILLISECOND)

int lock_shared_folders(struct error *error)
{
    int lock = open("/run", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (lock < 0)
        return error_system(error, ERROR_INTERNAL, "can't open /run");
    while (flock(lock, LOCK_EX) < 0) {
        if (errno != EINTR) {
            close(lock);
            return error_system(error, ERROR_INTERNAL, "can't lock /run");
        }
    }
    return lock;
}

void lock_release(int lock)
{
    if (lock >= 0)
        close(lock);
}

/* Opens and locks the state folder: the descriptor, or -1 with errno EWOULDBLOCK or ENOENT. */
static int try_lock(const struct lab *lab)
{
    int lock = open(lab->state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) < 0) {
        int number = errno;

        close(lock);
        errno = number;
        return -1;
    }
    return lock;
}

static int make_and_lock(const struct lab *lab, struct error *error)
{
    int lock;

    if (folder_make("/run/vnfault/labs", error) < 0)
        return -1;
    if (mkdir(lab->state, 0700) < 0 && errno == EEXIST) {
        error_set(error, ERROR_UNREACHABLE, "lab '%s' is there already", lab->name);
        return error_hint(error,
                          "'vnfault lab status --name %s' shows it, 'vnfault lab down --name %s' "
                          "takes it down",
                          lab->name, lab->name);
    }
    lock = try_lock(lab);
    if (lock < 0)
        return error_system(error, ERROR_INTERNAL, "can't make and lock %s", lab->state);
    return lock;
}

int lock_new(const struct lab *lab, struct error *error)
{
    int shared = lock_shared_folders(error);
    int lock;

    if (shared < 0)
        return -1;
    lock = make_and_lock(lab, error);
    lock_release(shared);
    return lock;
}

int lock_take(const struct lab *lab, struct stop *stop, struct error *error)
{
    for (;;) {
        int shared = lock_shared_folders(error);
        int lock;
        int number;

        if (shared < 0)
            return -1;
        lock = try_lock(lab);
        number = errno;
        lock_release(shared);
        if (lock >= 0)
            return lock;
        if (number == ENOENT)
            return LOCK_ABSENT;
        errno = number;
        if (number != EWOULDBLOCK)
            return error_system(error, ERROR_INTERNAL, "can't lock %s", lab->state);
        if (stop_wait_until(stop, clock_now() + RETRY_INTERVAL))
            return stop_error(stop, error,
                              "stopped while waiting for another process to change the lab");
    }
}
