/* The lock on a target that keeps two runners apart (injectors/contract/lock.sh). */
#ifndef RUNNER_TARGET_LOCK_H
#define RUNNER_TARGET_LOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "runner/access.h"

/* Takes the lock for `lease` ns, in the name of `owner`, one line of text; a lock that is the
 * owner's already is renewed. ERROR_LOCKED names the present owner if another has it. */
int target_lock(struct access *access, const char *owner, int64_t lease, struct error *error);

/* Whether a lock in force binds nobody any more: `holder` has it, `owner` wants it. */
typedef bool lock_is_void(const char *holder, const char *owner);

/* As target_lock, but takes over at once what another has if `is_void` says so; NULL: never. */
int target_lock_over(struct access *access, const char *owner, int64_t lease, lock_is_void *is_void,
                     struct error *error);

/* Appends who has the lock in force, nothing if nobody has; changes nothing on the target. */
int target_lock_holder(struct access *access, struct text *holder, struct error *error);

/* Gives it up; without effect on another owner's. */
int target_unlock(struct access *access, const char *owner, struct error *error);

#endif
