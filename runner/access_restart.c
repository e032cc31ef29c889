/* Starting a host again from outside: the end of the old one and the coming of the new. */
#include <string.h>

#include "base/clock.h"
#include "runner/access.h"
#include "runner/access_methods.h"

#define PAUSE_BETWEEN_TRIES (200 * CLOCK_MILLISECOND)

bool access_has_restart(const struct access *access)
{
    return access_method_of(access)->restart != NULL;
}

static int ask(struct access *access, struct text *before, struct error *error)
{
    struct access_link *link = access_link_take(access, error);
    int result;

    if (link == NULL)
        return -1;
    link->method->describe(link->connection, before);
    result = link->method->restart(link, error);
    access_link_release(link);
    return result;
}

/* Connects again; 1 if it is another one than before. */
static int is_another(struct access *access, const struct text *before, struct error *error)
{
    struct access_link *link;
    struct text now = {0};
    int result;

    if (access_reopen(access, error) < 0)
        return -1;
    link = access_link_take(access, error);
    if (link == NULL)
        return -1;
    link->method->describe(link->connection, &now);
    access_link_release(link);
    result = strcmp(text_string(&now), text_string(before)) != 0;
    text_free(&now);
    return result;
}

int access_restart(struct access *access, int64_t deadline, struct error *error)
{
    struct text before = {0};
    int result = ask(access, &before, error);

    while (result == 0) {
        struct error last = {0};
        int another = is_another(access, &before, &last);

        if (another == 1)
            break;
        if (clock_now() >= deadline) {
            if (another < 0)
                *error = last;
            else
                error_set(error, ERROR_UNREACHABLE, "it was not started again");
            result = error_target(error, access_host(access)->name);
            break;
        }
        clock_sleep(PAUSE_BETWEEN_TRIES);
    }
    text_free(&before);
    return result;
}
