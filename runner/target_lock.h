/* The lock on a target that keeps two runners apart (injectors/contract/lock.sh). */
#ifndef RUNNER_TARGET_LOCK_H
#define RUNNER_TARGET_LOCK_H

#include <stdint.h>

#include "base/error.h"
#include "runner/access.h"

/* Takes the lock for `lease` ns, in the name of `owner`, one line of text; a lock that is the
 * owner's already is renewed. ERROR_UNREACHABLE names the present owner if another has it. */
int target_lock(struct access *access, const char *owner, int64_t lease, struct error *error);

/* Gives it up; without effect on another owner's. */
int target_unlock(struct access *access, const char *owner, struct error *error);

#endif
