/* Connections of accesses, for as long as anybody uses them. */
#include <pthread.h>
#include <stdlib.h>

#include "base/memory.h"
#include "runner/access_methods.h"

/* Guards every link's count of users; held for moments only. */
static pthread_mutex_t counts = PTHREAD_MUTEX_INITIALIZER;

void access_link_keep(struct access_link *link)
{
    pthread_mutex_lock(&counts);
    link->users++;
    pthread_mutex_unlock(&counts);
}

void access_link_release(struct access_link *link)
{
    bool last;

    pthread_mutex_lock(&counts);
    last = --link->users == 0;
    pthread_mutex_unlock(&counts);
    if (last) {
        link->method->close(link->connection);
        free(link);
    }
}

struct access_link *access_link_open(const struct host *host, const struct access_method *method,
                                     struct error *error)
{
    struct access_link *link = memory_new(1, sizeof *link);

    link->method = method;
    link->host = host;
    link->users = 1;
    if (method->open(host, &link->connection, error) < 0) {
        error_target(error, host->name);
        free(link);
        return NULL;
    }
    if (method->find == NULL || method->find(link, error) == 0)
        return link;
    error_target(error, host->name);
    access_link_release(link);
    return NULL;
}
