/*
 * The script of the contract on a target: injectors/contract.sh and the files under contract/
 * joined with one fault type, and the lines that its steps print (docs/injection-contract.md).
 */
#ifndef RUNNER_INJECTION_SCRIPT_H
#define RUNNER_INJECTION_SCRIPT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/access.h"
#include "runner/injection.h"

/* Appends the script; `injector` may be NULL for what needs no fault type (heal, lock). */
int injection_script_join(const struct injector *injector, struct text *script,
                          struct error *error);

/*
 * Hands each line 'KEY TEXT' of a step's output to `line`; what is not printable in it was
 * replaced. A line 'error CODE TEXT' becomes the error; output that does not end with 'done STEP'
 * is an error too, since it may have been cut short.
 */
typedef void injection_line(const char *key, const char *text, void *context);
int injection_output_read(const char *step, const struct command_result *result,
                          injection_line *line, void *context, struct error *error);

/* An injection_line that fills in a struct injection_report. Malformed figures are passed over. */
void injection_report_line(const char *key, const char *text, void *report);

/* Runs the script, without a fault type and without a file on the target, for one of its
 * services: `arguments` is NULL-terminated and starts with its name. */
int injection_service(struct access *access, const char *const arguments[], int64_t timeout,
                      injection_line *line, void *context, struct error *error);

#endif
