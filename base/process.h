/* Programs run on this machine, by argument vector; no shell. The process must ignore SIGPIPE, as
 * main makes it do. */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct process_result {
    int exit_status;    /* 0 to 255; 128 + signal number if a signal ended it */
    struct text output; /* standard output */
    struct text errors; /* standard error */
};

/*
 * Runs argv[0] (looked up in PATH) to its end and collects what it prints. `input` may be NULL.
 * Past `timeout` nanoseconds it is killed, which is an error. A program that can't be started is
 * an error of kind ERROR_UNREACHABLE that names it; an exit status other than 0 is not an error.
 * Free the result with process_result_free.
 */
int process_run(const char *const argv[], const char *input, int64_t timeout,
                struct process_result *result, struct error *error);

/* As process_run, but an exit status other than 0 is an error that quotes standard error. */
int process_check(const char *const argv[], int64_t timeout, struct error *error);

void process_result_free(struct process_result *result);

#endif
