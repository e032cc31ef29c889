#include "runner/source_failures.h"

#include "base/log.h"

static void tell(const struct error *error)
{
    log_error("%s%s%s%s%s", error->target, error->target[0] != '\0' ? ": " : "", error->where,
              error->where[0] != '\0' ? ": " : "", error->what);
}

void source_failures_add(struct source_failures *failures, const struct error *error)
{
    if (failures->count++ == 0) {
        failures->first = *error;
        return;
    }
    if (failures->count == 2)
        tell(&failures->first);
    tell(error);
}

int source_failures_end(const struct source_failures *failures, size_t total, const char *what,
                        struct error *error)
{
    if (failures->count == 0)
        return 0;
    if (failures->count == 1) {
        *error = failures->first;
        return -1;
    }
    error_set(error, failures->first.kind, "%zu of %zu %s can't be opened; each is named above",
              failures->count, total, what);
    return error_hint(error, "'vnfault check --targets' says of every one what it gives");
}
