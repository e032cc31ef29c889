#include "runner/load.h"

#include <string.h>

#include "runner/load_sipp.h"

static const struct load_driver *const drivers[] = {
    &load_sipp,
};

enum { DRIVER_COUNT = sizeof drivers / sizeof drivers[0] };

const struct load_driver *load_driver_find(const char *name)
{
    for (size_t i = 0; i < DRIVER_COUNT; i++) {
        if (strcmp(drivers[i]->name, name) == 0)
            return drivers[i];
    }
    return NULL;
}

const char *const *load_driver_names(size_t *count)
{
    static const char *names[DRIVER_COUNT];

    for (size_t i = 0; i < DRIVER_COUNT; i++)
        names[i] = drivers[i]->name;
    *count = DRIVER_COUNT;
    return names;
}
