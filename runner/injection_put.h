/* What an injection needs on its target, sent into the folder of its undo record. */
#ifndef RUNNER_INJECTION_PUT_H
#define RUNNER_INJECTION_PUT_H

#include <stddef.h>

#include "base/error.h"
#include "runner/access.h"
#include "runner/injector.h"

/* Makes the folder and puts there injector.sh, the helpers of these names and, for a fault that is
 * made by it, the testbed's reboot command. */
int injection_put(struct access *access, const char *folder, const struct injector *injector,
                  char *const helpers[], size_t helper_count, struct error *error);

#endif
