#include "cli/interrupt.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>

#include "base/clock.h"

static struct stop stop;

static void on_signal(int number)
{
    stop_request(&stop, number);
}

static int catch_signal(int number)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL);
}

/* nohup has it ignored. */
static int catch_hangup(void)
{
    struct sigaction action;

    if (sigaction(SIGHUP, NULL, &action) < 0)
        return -1;
    return action.sa_handler == SIG_IGN ? 0 : catch_signal(SIGHUP);
}

int interrupt_catch(struct error *error)
{
    if (stop_open(&stop, error) < 0)
        return -1;
    if (catch_signal(SIGINT) < 0 || catch_signal(SIGTERM) < 0 || catch_hangup() < 0)
        return error_system(error, ERROR_INTERNAL, "can't catch signals");
    return 0;
}

int interrupt_after(int64_t duration, struct error *error)
{
    const struct itimerval timer = {
        .it_value = {.tv_sec = duration / CLOCK_SECOND, .tv_usec = duration % CLOCK_SECOND / 1000}};

    if (catch_signal(SIGALRM) < 0 || setitimer(ITIMER_REAL, &timer, NULL) < 0)
        return error_system(error, ERROR_INTERNAL, "can't set the time after which to end");
    return 0;
}

struct stop *interrupt_stop(void)
{
    return &stop;
}

int interrupt_error(struct error *error)
{
    int reason = stop_reason(&stop);

    return stop_error(&stop, error,
                      reason == SIGTERM  ? "terminated by SIGTERM"
                      : reason == SIGHUP ? "terminated by SIGHUP"
                                         : "interrupted");
}
