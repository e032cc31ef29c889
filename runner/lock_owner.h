/* The owner's text in a lock: it tells people who holds it, and lets the machine that it was
 * written on see whether that process is still there. */
#ifndef RUNNER_LOCK_OWNER_H
#define RUNNER_LOCK_OWNER_H

#include <stdbool.h>

/*
 * 'NAME, process PID started TICKS, boot ID, namespace NUMBER' for this process, one line of
 * printable ASCII: other bytes of `name` become %XX. The caller frees it.
 */
char *lock_owner_text(const char *name);

/* Whether the owner is a process of this machine, since it was booted, that is gone for certain;
 * false of any other machine, boot, process namespace or text. */
bool lock_owner_is_dead(const char *owner);

/* Whether both texts bear the same name, of whatever process. */
bool lock_owner_has_same_name(const char *owner, const char *other);

#endif
