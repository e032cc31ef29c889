/* SIGINT, SIGTERM and SIGHUP as a stop that every wait sees. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"

/* Catches SIGINT, SIGTERM and, unless it is ignored, SIGHUP (the terminal is gone) from now on; a
 * second one changes nothing, so that the revert is never cut short. */
int interrupt_catch(struct error *error);

/* Asks for the stop after a time, too, in ns and of 1 ms or more; its reason is then SIGALRM. */
int interrupt_after(int64_t duration, struct error *error);

/* The stop that they ask for; its reason is the signal's number. */
struct stop *interrupt_stop(void);

/* The error for a stop that was asked for: 'interrupted', or 'terminated'. Returns -1. */
int interrupt_error(struct error *error);

#endif
