/* Ended processes of a lab. */
#ifndef LAB_ENDED_H
#define LAB_ENDED_H

#include "lab/lab.h"

/* Waits until no process of the lab runs any more. Zombies don't count: they hold nothing, and when
 * the machine's init collects them is its own business. ERROR_NOT_CLEAN if some don't end. */
int ended_wait(const struct lab *lab, struct error *error);

#endif
