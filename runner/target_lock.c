#include "runner/target_lock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "runner/injection_script.h"

static void pass_over(const char *key, const char *text, void *context)
{
    (void)key;
    (void)text;
    (void)context;
}

static int lock_service(struct access *access, const char *const arguments[], struct error *error)
{
    if (injection_service(access, arguments, 20 * CLOCK_SECOND, pass_over, NULL, error) < 0)
        return error_target(error, access_host(access)->name);
    return 0;
}

int target_lock(struct access *access, const char *owner, int64_t lease, struct error *error)
{
    char hundredths[24];
    const char *const arguments[] = {"lock", hundredths, owner, NULL};

    if (owner[0] == '\0' || strpbrk(owner, "\n\r") != NULL)
        return error_set(error, ERROR_INTERNAL, "the owner of a lock is one line of text");
    snprintf(hundredths, sizeof hundredths, "%" PRId64, lease / (CLOCK_SECOND / 100));
    return lock_service(access, arguments, error);
}

int target_unlock(struct access *access, const char *owner, struct error *error)
{
    const char *const arguments[] = {"unlock", owner, NULL};

    return lock_service(access, arguments, error);
}
