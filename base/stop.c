#include "base/stop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

int stop_open(struct stop *stop, struct error *error)
{
    atomic_init(&stop->reason, 0);
    stop->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (stop->descriptor < 0)
        return error_system(error, ERROR_INTERNAL, "can't make an event descriptor");
    return 0;
}

void stop_close(struct stop *stop)
{
    close(stop->descriptor);
    stop->descriptor = -1;
}

void stop_request(struct stop *stop, int reason)
{
    int saved = errno;
    int none = 0;
    uint64_t one = 1;
    ssize_t written;

    atomic_compare_exchange_strong(&stop->reason, &none, reason);
    written = write(stop->descriptor, &one, sizeof one);
    (void)written; /* a full counter is readable too */
    errno = saved;
}

int stop_reason(struct stop *stop)
{
    return atomic_load(&stop->reason);
}

int stop_error(struct stop *stop, struct error *error, const char *what)
{
    switch (stop_reason(stop)) {
    case SIGTERM:
    case SIGHUP:
        return error_set(error, ERROR_TERMINATED, "%s", what);
    case SIGALRM:
        return error_set(error, ERROR_INCONCLUSIVE, "%s", what);
    default:
        return error_set(error, ERROR_INTERRUPTED, "%s", what);
    }
}

bool stop_wait_until(struct stop *stop, int64_t instant)
{
    struct pollfd watch = {.fd = stop->descriptor, .events = POLLIN};

    for (;;) {
        int64_t left = instant - clock_now();
        struct timespec timeout;

        if (stop_reason(stop) != 0)
            return true;
        if (left <= 0)
            return false;
        timeout.tv_sec = (time_t)(left / CLOCK_SECOND);
        timeout.tv_nsec = (long)(left % CLOCK_SECOND);
        if (ppoll(&watch, 1, &timeout, NULL) < 0 && errno != EINTR)
            return true;
    }
}
