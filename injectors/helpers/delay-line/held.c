#include "held.h"

#include <stdbool.h>
#include <stdlib.h>

int held_open(struct held *held, size_t capacity)
{
    held->packets = calloc(capacity, sizeof *held->packets);
    held->count = 0;
    held->capacity = capacity;
    return held->packets == NULL ? -1 : 0;
}

static bool is_before(const struct held_packet *one, const struct held_packet *other)
{
    if (one->fate.leaves != other->fate.leaves)
        return one->fate.leaves < other->fate.leaves;
    return one->number < other->number;
}

void held_add(struct held *held, const struct held_packet *packet)
{
    size_t place = held->count++;

    while (place > 0 && is_before(packet, &held->packets[(place - 1) / 2])) {
        held->packets[place] = held->packets[(place - 1) / 2];
        place = (place - 1) / 2;
    }
    held->packets[place] = *packet;
}

struct held_packet held_remove(struct held *held)
{
    struct held_packet first = held->packets[0];
    struct held_packet last = held->packets[--held->count];
    size_t place = 0;

    for (;;) {
        size_t child = 2 * place + 1;

        if (child + 1 < held->count && is_before(&held->packets[child + 1], &held->packets[child]))
            child++;
        if (child >= held->count || !is_before(&held->packets[child], &last))
            break;
        held->packets[place] = held->packets[child];
        place = child;
    }
    held->packets[place] = last;
    return first;
}
