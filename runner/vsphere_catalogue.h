/* The server's catalogue of performance counters: what each number means. */
#ifndef RUNNER_VSPHERE_CATALOGUE_H
#define RUNNER_VSPHERE_CATALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "runner/vsphere_session.h"

enum { CATALOGUE_MOST_COUNTERS = 20000 };

struct vsphere_counter {
    int32_t key;
    char *name;  /* 'cpu.ready.summation': group, name and rollup */
    char *group; /* 'cpu' */
    char *unit;  /* 'millisecond' */
};

/* In the order of their keys; each key and each name once. Zero it to start. */
struct vsphere_catalogue {
    struct vsphere_counter *counters;
    size_t count;
    size_t capacity;
};

int vsphere_catalogue_retrieve(struct vsphere_session *session, struct vsphere_catalogue *catalogue,
                               struct error *error);

/* Reads the value of the property perfCounter. Counters that are not whole are left out;
 * ERROR_UNREACHABLE if there are none, or too many. */
int vsphere_catalogue_read(const xmlNode *value, struct vsphere_catalogue *catalogue,
                           struct error *error);
void vsphere_catalogue_free(struct vsphere_catalogue *catalogue);

/* The counter of that key, or NULL. */
const struct vsphere_counter *vsphere_catalogue_find(const struct vsphere_catalogue *catalogue,
                                                     int32_t key);

#endif
