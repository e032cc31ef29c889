#include "runner/collector.h"

#include <string.h>

extern const struct collector collector_cgroup;
extern const struct collector collector_libvirt;
extern const struct collector collector_proc;
extern const struct collector collector_prometheus_exporter;
extern const struct collector collector_prometheus_server;
extern const struct collector collector_replay;
extern const struct collector collector_vsphere;

static const struct collector *const collectors[] = {
    &collector_cgroup,
    &collector_libvirt,
    &collector_proc,
    &collector_prometheus_exporter,
    &collector_prometheus_server,
    &collector_replay,
    &collector_vsphere,
};

enum { COLLECTOR_COUNT = sizeof collectors / sizeof collectors[0] };

const struct collector *collector_find(const char *name)
{
    for (size_t i = 0; i < COLLECTOR_COUNT; i++) {
        if (strcmp(collectors[i]->name, name) == 0)
            return collectors[i];
    }
    return NULL;
}

const char *const *collector_names(size_t *count)
{
    static const char *names[COLLECTOR_COUNT];

    for (size_t i = 0; i < COLLECTOR_COUNT; i++)
        names[i] = collectors[i]->name;
    *count = COLLECTOR_COUNT;
    return names;
}
