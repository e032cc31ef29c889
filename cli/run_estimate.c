#include "cli/run_estimate.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct starts {
    int64_t *times;
    size_t count;
    size_t capacity;
    size_t done;
    bool running; /* the last of them */
};

static int read_total(const char *subject, const char *name, const char *value, void *context,
                      struct error *error)
{
    size_t *total = context;

    (void)error;
    if (strcmp(subject, "plan") == 0 && strcmp(name, "experiments") == 0)
        *total = strtoul(value, NULL, 10);
    return 0;
}

static int read_start(const struct stored_experiment *experiment, void *context,
                      struct error *error)
{
    struct starts *starts = context;

    (void)error;
    starts->times =
        memory_grow(starts->times, starts->count, &starts->capacity, sizeof *starts->times);
    starts->times[starts->count++] = experiment->started_ns;
    starts->done += strcmp(experiment->state, "done") == 0;
    starts->running = starts->running || strcmp(experiment->state, "running") == 0;
    return 0;
}

static int compare(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left;
    int64_t b = *(const int64_t *)right;

    return (a > b) - (a < b);
}

/* -1 if no experiment has followed on another yet. */
static int64_t time_left(struct starts *starts, size_t left, int64_t now)
{
    int64_t last;
    int64_t each;
    int64_t passed;

    if (starts->count < 2)
        return -1;
    qsort(starts->times, starts->count, sizeof *starts->times, compare);
    last = starts->times[starts->count - 1];
    for (size_t i = 0; i + 1 < starts->count; i++)
        starts->times[i] = starts->times[i + 1] - starts->times[i];
    qsort(starts->times, starts->count - 1, sizeof *starts->times, compare);
    each = starts->times[(starts->count - 2) / 2];
    passed = starts->running ? now - last : 0;
    return each * (int64_t)left - (passed < each ? passed : each);
}

int run_estimate_make(struct store *store, int64_t now, struct run_estimate *estimate,
                      struct error *error)
{
    struct starts starts = {0};
    int result;

    *estimate = (struct run_estimate){.time_left = -1};
    result = store_each_fact(store, read_total, &estimate->total, error);
    if (result == 0)
        result = store_each_experiment(store, read_start, &starts, error);
    if (result == 0 && estimate->total > starts.done) {
        estimate->left = estimate->total - starts.done;
        estimate->time_left = time_left(&starts, estimate->left, now);
    }
    free(starts.times);
    return result;
}
