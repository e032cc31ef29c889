/* What vnfault left on a target, found and taken away without a database. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "runner/injection.h"
#include "runner/injection_script.h"

struct listing {
    struct leftover *leftovers;
    size_t capacity;
    size_t count;
};

/* 'leftover TOKEN FAULT-TYPE live|over OWNER' */
static void read_leftover(const char *key, const char *text, void *context)
{
    struct listing *listing = context;
    struct leftover leftover = {0};
    char state[8];
    int owner = 0;

    if (strcmp(key, "leftover") != 0 ||
        sscanf(text, "%23s %47s %7s %n", leftover.token, leftover.fault_type, state, &owner) != 3)
        return;
    leftover.live = strcmp(state, "live") == 0;
    snprintf(leftover.owner, sizeof leftover.owner, "%s", owner > 0 ? text + owner : "");
    if (listing->count < listing->capacity)
        listing->leftovers[listing->count] = leftover;
    listing->count++;
}

int injection_list_leftovers(struct access *access, struct leftover *leftovers, size_t capacity,
                             size_t *count, struct error *error)
{
    const char *const arguments[] = {"leftovers", NULL};
    struct listing listing = {.leftovers = leftovers, .capacity = capacity};
    int result =
        injection_service(access, arguments, 30 * CLOCK_SECOND, read_leftover, &listing, error);

    *count = listing.count;
    return result;
}

static void read_action(const char *key, const char *text, void *context)
{
    struct text *actions = context;

    if (strcmp(key, "action") == 0)
        text_appendf(actions, "%s%s", actions->length > 0 ? "\n" : "", text);
}

int injection_heal(struct access *access, struct text *actions, struct error *error)
{
    const char *const arguments[] = {"heal", NULL};

    return injection_service(access, arguments, INJECTION_LONGEST_HEAL, read_action, actions,
                             error);
}
