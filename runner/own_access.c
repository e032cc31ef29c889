#include "runner/own_access.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"

struct own_connection {
    const struct host *target;
    pthread_mutex_t opening;
    struct access *access; /* NULL until somebody could open it */
};

/* Guards every table; held for moments only. */
static pthread_mutex_t tables = PTHREAD_MUTEX_INITIALIZER;

/* The place of the target's connection, which stays where it is. */
static struct own_connection *find_place(struct own_access *own, const struct host *target)
{
    struct own_connection *found = NULL;

    pthread_mutex_lock(&tables);
    for (size_t i = 0; found == NULL && i < own->count; i++) {
        if (own->items[i]->target == target)
            found = own->items[i];
    }
    if (found == NULL) {
        found = memory_new(1, sizeof *found);
        found->target = target;
        pthread_mutex_init(&found->opening, NULL);
        own->items = memory_grow(own->items, own->count, &own->capacity, sizeof *own->items);
        own->items[own->count++] = found;
    }
    pthread_mutex_unlock(&tables);
    return found;
}

struct access *own_access_find(void *context, const struct host *target, struct error *error)
{
    struct own_connection *one = find_place(context, target);
    struct access *access;

    pthread_mutex_lock(&one->opening);
    if (one->access == NULL && access_open(target, &one->access, error) < 0)
        one->access = NULL;
    access = one->access;
    pthread_mutex_unlock(&one->opening);
    return access;
}

void own_access_close(struct own_access *own)
{
    for (size_t i = 0; i < own->count; i++) {
        if (own->items[i]->access != NULL)
            access_close(own->items[i]->access);
        pthread_mutex_destroy(&own->items[i]->opening);
        free(own->items[i]);
    }
    free(own->items);
    *own = (struct own_access){0};
}
