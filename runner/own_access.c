#include "runner/own_access.h"

#include <stdlib.h>

#include "base/memory.h"

struct access *own_access_find(void *context, const struct host *target, struct error *error)
{
    struct own_access *own = context;
    struct own_connection one = {.target = target};

    for (size_t i = 0; i < own->count; i++) {
        if (own->items[i].target == target)
            return own->items[i].access;
    }
    if (access_open(target, &one.access, error) < 0)
        return NULL;
    own->items = memory_grow(own->items, own->count, &own->capacity, sizeof one);
    own->items[own->count++] = one;
    return one.access;
}

void own_access_close(struct own_access *own)
{
    for (size_t i = 0; i < own->count; i++)
        access_close(own->items[i].access);
    free(own->items);
    *own = (struct own_access){0};
}
