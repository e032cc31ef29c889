#include "runner/load_fault.h"

#include <string.h>

#include "runner/load_fault_message_drop.h"
#include "runner/load_fault_overload.h"

static const struct load_fault *const load_faults[] = {
    &load_fault_message_drop,
    &load_fault_overload,
};

enum { LOAD_FAULTS = sizeof load_faults / sizeof load_faults[0] };

const struct load_fault *load_fault_find(const char *name)
{
    for (size_t i = 0; i < LOAD_FAULTS; i++) {
        if (strcmp(load_faults[i]->name, name) == 0)
            return load_faults[i];
    }
    return NULL;
}

const struct load_fault *const *load_fault_all(size_t *count)
{
    *count = LOAD_FAULTS;
    return load_faults;
}
