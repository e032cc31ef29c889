/* A program that goes on running on this machine, with pipes at its standard descriptors. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* Descriptors are -1 once they are closed. */
struct child {
    pid_t process; /* leads a process group of its own; -1 once its end was taken note of */
    int input;     /* written to */
    int output;    /* read from */
    int errors;    /* read from */
};

/* Starts argv[0], which is looked up in PATH; no shell. ERROR_UNREACHABLE names a program that
 * can't be started. The process must ignore SIGPIPE. End it with child_end. */
int child_start(const char *const argv[], struct child *child, struct error *error);

void child_close(int *descriptor);

/* True once it has ended, with its exit status as child_end has it. */
bool child_has_ended(struct child *child, int *status);

/* Closes the pipes and kills it with its process group, unless it has ended. */
void child_kill(struct child *child);

/* Closes the pipes and waits for the end: 0 to 255; 128 + signal number if a signal ended it. */
int child_end(struct child *child);

#endif
