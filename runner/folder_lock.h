/* The lock of a run's folder: no two processes record into one. */
#ifndef RUNNER_FOLDER_LOCK_H
#define RUNNER_FOLDER_LOCK_H

#include <stdbool.h>

#include "base/error.h"

/* Takes it in the name of `owner` (runner/lock_owner.h), until the descriptor that it returns is
 * closed; -1 if the folder can't be written to or another process has it (ERROR_INPUT). */
int folder_lock(const char *folder, const char *owner, struct error *error);

/* Whether a process of this machine has it now. Takes and writes nothing. */
bool folder_lock_is_held(const char *folder);

/* Whether the process that last took it is gone for certain; false if that can't be told here. */
bool folder_lock_owner_is_dead(const char *folder);

#endif
