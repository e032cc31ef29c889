/*
 * A stop that any thread, or a signal handler, can ask for and any thread can wait on. Every wait
 * in vnfault takes one, so that Ctrl-C reaches the revert at once.
 */
#ifndef BASE_STOP_H
#define BASE_STOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct stop {
    int descriptor;    /* eventfd, readable once stopped: for poll() */
    atomic_int reason; /* 0 while running, then the first request's reason */
};

/* Fails only if the machine has no descriptor left. Release with stop_close. */
int stop_open(struct stop *stop, struct error *error);
void stop_close(struct stop *stop);

/* Asks for the stop; the first reason (a signal number, or any number > 0) stays. Safe in a
 * signal handler. */
void stop_request(struct stop *stop, int reason);

/* The reason, or 0 while nothing was asked for. */
int stop_reason(struct stop *stop);

/* The error of something that the stop cut short: ERROR_TERMINATED if SIGTERM or SIGHUP asked for
 * it, ERROR_INCONCLUSIVE if SIGALRM did (its time was up), else ERROR_INTERRUPTED. Returns -1. */
int stop_error(struct stop *stop, struct error *error, const char *what);

/* Waits until `instant` (runner's clock). Returns true at once when the stop is asked for. */
bool stop_wait_until(struct stop *stop, int64_t instant);

#endif
