/* Who may change what: one change of a lab at a time, and one change of the folders that labs
 * share. */
#ifndef LAB_LOCK_H
#define LAB_LOCK_H

#include "base/error.h"
#include "base/stop.h"
#include "lab/lab.h"

enum { LOCK_ABSENT = -2 };

/* Makes the lab's state folder and locks the lab. ERROR_UNREACHABLE if the folder is there.
 * Returns the lock for lock_release, or -1. */
int lock_new(const struct lab *lab, struct error *error);

/* Locks the lab as soon as whoever has it is done. Returns the lock; LOCK_ABSENT if the lab has
 * no state folder; -1 on error. */
int lock_take(const struct lab *lab, struct stop *stop, struct error *error);

/* Locks what labs share (/run/vnfault, /var/lib/vnfault, /run/netns); held for moments only. */
int lock_shared_folders(struct error *error);

void lock_release(int lock);

#endif
