#include "runner/target_lock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "runner/injection_script.h"

static void read_holder(const char *key, const char *text, void *context)
{
    struct text *holder = context;

    if (strcmp(key, "holder") != 0)
        return;
    text_clear(holder);
    text_append(holder, text);
}

/* `holder` is who has the lock, if the target says so. */
static int lock_service(struct access *access, const char *const arguments[], struct text *holder,
                        struct error *error)
{
    if (injection_service(access, arguments, 20 * CLOCK_SECOND, read_holder, holder, error) < 0)
        return error_target(error, access_host(access)->name);
    return 0;
}

int target_lock_over(struct access *access, const char *owner, int64_t lease, lock_is_void *is_void,
                     struct error *error)
{
    char hundredths[24];
    const char *arguments[] = {"lock", hundredths, owner, NULL, NULL};
    struct text holder = {0};
    int result;

    if (owner[0] == '\0' || strpbrk(owner, "\n\r") != NULL)
        return error_set(error, ERROR_INTERNAL, "the owner of a lock is one line of text");
    snprintf(hundredths, sizeof hundredths, "%" PRId64, lease / (CLOCK_SECOND / 100));
    result = lock_service(access, arguments, &holder, error);
    if (result < 0 && is_void != NULL && holder.length > 0 && is_void(holder.bytes, owner)) {
        struct text next = {0};

        error_clear(error);
        arguments[3] = holder.bytes;
        result = lock_service(access, arguments, &next, error);
        text_free(&next);
    }
    text_free(&holder);
    return result;
}

int target_lock(struct access *access, const char *owner, int64_t lease, struct error *error)
{
    return target_lock_over(access, owner, lease, NULL, error);
}

int target_lock_holder(struct access *access, struct text *holder, struct error *error)
{
    const char *const arguments[] = {"holder", NULL};

    return lock_service(access, arguments, holder, error);
}

int target_unlock(struct access *access, const char *owner, struct error *error)
{
    const char *const arguments[] = {"unlock", owner, NULL};
    struct text holder = {0};
    int result = lock_service(access, arguments, &holder, error);

    text_free(&holder);
    return result;
}
