/* Finds a series that a page has twice. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/exposition_parts.h"

struct hashed {
    uint64_t hash;
    const struct exposition_series *series;
};

/* FNV-1a, with the NUL at the end. */
static uint64_t hash_string(uint64_t hash, const char *string)
{
    do {
        hash = (hash ^ (unsigned char)*string) * UINT64_C(0x100000001b3);
    } while (*string++ != '\0');
    return hash;
}

static uint64_t hash_series(const struct exposition_series *series)
{
    uint64_t hash = hash_string(UINT64_C(0xcbf29ce484222325), series->name);

    for (size_t i = 0; i < series->label_count; i++)
        hash = hash_string(hash_string(hash, series->labels[i].name), series->labels[i].value);
    return hash;
}

static int compare_series(const struct exposition_series *one,
                          const struct exposition_series *other)
{
    int order = strcmp(one->name, other->name);

    if (order == 0 && one->label_count != other->label_count)
        return one->label_count < other->label_count ? -1 : 1;
    for (size_t i = 0; i < one->label_count && order == 0; i++) {
        order = strcmp(one->labels[i].name, other->labels[i].name);
        order = order != 0 ? order : strcmp(one->labels[i].value, other->labels[i].value);
    }
    return order;
}

static int compare(const void *one, const void *other)
{
    const struct hashed *a = one;
    const struct hashed *b = other;

    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return compare_series(a->series, b->series);
}

size_t exposition_repeated(const struct exposition_series *series, size_t count)
{
    struct hashed *sorted = memory_new(count, sizeof *sorted);
    size_t repeated = count;

    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct hashed){hash_series(&series[i]), &series[i]};
    if (count > 1)
        qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = 1; i < count && repeated == count; i++) {
        if (compare(&sorted[i - 1], &sorted[i]) == 0)
            repeated = (size_t)(sorted[i].series - series);
    }
    free(sorted);
    return repeated;
}
