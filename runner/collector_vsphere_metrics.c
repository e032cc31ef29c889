/* What a metric of the vSphere collector is called, and what it is of. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_vsphere.h"

struct word {
    const char *theirs;
    const char *ours;
};

/* Groups of counters; others are 'other'. */
static const struct word resource_groups[] = {
    {"cpu", "cpu"},
    {"rescpu", "cpu"},
    {"mem", "memory"},
    {"net", "network"},
    {"disk", "filesystem"},
    {"virtualDisk", "filesystem"},
    {"datastore", "filesystem"},
    {NULL, "other"},
};

/* Units other than these are called what the server calls them. A percentage comes in hundredths.
 */
static const struct word units[] = {
    {"percent", "0.01%"},
    {"kiloBytes", "kB"},
    {"megaBytes", "MB"},
    {"kiloBytesPerSecond", "kB/s"},
    {"megaBytesPerSecond", "MB/s"},
    {"megaHertz", "MHz"},
    {"microsecond", "us"},
    {"millisecond", "ms"},
    {"second", "s"},
    {"number", ""},
    {"watt", "W"},
    {"joule", "J"},
    {NULL, NULL},
};

static const char *translate(const struct word *words, const char *theirs)
{
    while (words->theirs != NULL && strcmp(words->theirs, theirs) != 0)
        words++;
    return words->ours;
}

/* Values of all statistics types are of one interval or one instant: none only goes up. */
static struct store_metric make_metric(const struct vsphere_counter *counter, const char *instance)
{
    const char *unit = translate(units, counter->unit);

    return (struct store_metric){
        .name = instance[0] == '\0' ? memory_string(counter->name)
                                    : memory_format("%s.%s", counter->name, instance),
        .counter = false,
        .resource_group = translate(resource_groups, counter->group),
        .layer = "virtual",
        .unit = unit != NULL ? unit : counter->unit,
    };
}

struct store_metric *vsphere_metrics(const struct vsphere_catalogue *catalogue,
                                     struct vsphere_series_list *series)
{
    struct store_metric *metrics = memory_new(series->count + 1, sizeof *metrics);
    size_t kept = 0;

    for (size_t i = 0; i < series->count; i++) {
        struct vsphere_series *one = &series->items[i];
        const struct vsphere_counter *counter = vsphere_catalogue_find(catalogue, one->counter);

        if (counter == NULL) {
            free(one->instance);
            continue;
        }
        metrics[kept] = make_metric(counter, one->instance);
        series->items[kept++] = *one;
    }
    series->count = kept;
    return metrics;
}

void vsphere_metrics_free(struct store_metric *metrics, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free((char *)metrics[i].name);
    free(metrics);
}
