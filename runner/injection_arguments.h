/* What an injection's step is told on its command line. */
#ifndef RUNNER_INJECTION_ARGUMENTS_H
#define RUNNER_INJECTION_ARGUMENTS_H

#include <stddef.h>

#include "base/error.h"
#include "runner/access.h"
#include "runner/injection.h"

enum { INJECTION_MOST_ARGUMENTS = 64 };

/* Owned strings, NULL-terminated for access_run. All 0 is empty. */
struct injection_arguments {
    char *items[INJECTION_MOST_ARGUMENTS + 1];
    size_t count;
};

void injection_arguments_add(struct injection_arguments *arguments, const char *argument);
void injection_arguments_free(struct injection_arguments *arguments);

/* Whether token and value are what the injector allows: ERROR_INPUT says the range. */
int injection_request_check(const struct injection_request *request, struct error *error);

/* The value that the campaign gives a parameter, or its default. */
const char *injection_request_parameter(const struct injection_request *request,
                                        const struct injector_parameter *parameter);

/* Adds KEY=VALUE for all that a step needs to know: the request, the fault's parameters, and the
 * control connection that a network fault must spare. ERROR_INPUT for a parameter's value that
 * isn't allowed. */
int injection_arguments_add_request(struct injection_arguments *arguments,
                                    const struct injection_request *request, struct access *access,
                                    struct error *error);

#endif
