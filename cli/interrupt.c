#include "cli/interrupt.h"

#include <signal.h>
#include <string.h>

static struct stop stop;

static void on_signal(int number)
{
    stop_request(&stop, number);
}

int interrupt_catch(struct error *error)
{
    struct sigaction action;

    if (stop_open(&stop, error) < 0)
        return -1;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    if (sigaction(SIGINT, &action, NULL) < 0 || sigaction(SIGTERM, &action, NULL) < 0)
        return error_system(error, ERROR_INTERNAL, "can't catch signals");
    return 0;
}

struct stop *interrupt_stop(void)
{
    return &stop;
}

int interrupt_error(struct error *error)
{
    return stop_error(&stop, error,
                      stop_reason(&stop) == SIGTERM ? "terminated by SIGTERM" : "interrupted");
}
