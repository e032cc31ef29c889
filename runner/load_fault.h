/*
 * Faults in the load itself: they have no target, they reach all of them. A family: each is one
 * file with a struct load_fault and one line in the table of runner/load_fault.c. To a campaign
 * they are fault types like those of the files under injectors/.
 */
#ifndef RUNNER_LOAD_FAULT_H
#define RUNNER_LOAD_FAULT_H

#include <stddef.h>

#include "runner/campaign.h"
#include "runner/injection_means.h"

struct load_fault {
    const char *name;
    /* Declares it as the head of an injector's file does; NULL if a file under injectors/ does. */
    const char *head;
    /* The load host that it is carried out on. */
    const char *(*host)(const struct load_plan *load, const struct fault *fault);
    /* Why it can't be in such a load, with what is needed as the hint: ERROR_INPUT. */
    int (*check)(const struct load_plan *load, struct error *error);
    const struct injection_means *means;
};

/* The load fault of that name, or NULL. */
const struct load_fault *load_fault_find(const char *name);

/* All of them, in the order of the table. */
const struct load_fault *const *load_fault_all(size_t *count);

#endif
