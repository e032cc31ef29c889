/* Real-time performance figures of VMs: which series a VM has, and their samples. */
#ifndef RUNNER_VSPHERE_PERFORMANCE_H
#define RUNNER_VSPHERE_PERFORMANCE_H

#include <stddef.h>
#include <stdint.h>

#include "runner/vsphere_session.h"

enum {
    VSPHERE_KEPT_SAMPLES = 180,  /* of the last hour, which is what a server keeps */
    VSPHERE_MOST_SAMPLES = 512,  /* instants taken from one answer */
    VSPHERE_MOST_SERIES = 16384, /* of one VM */
    VSPHERE_INSTANCE_SIZE = 256
};

/* One counter of one instance of what it counts: a processor, an interface, a disk. */
struct vsphere_series {
    int32_t counter;
    char *instance; /* "" is all together */
};

/* In the order of counters, then of instances; each once. Zero it to start. */
struct vsphere_series_list {
    struct vsphere_series *items;
    size_t count;
    size_t capacity;
};

void vsphere_series_free(struct vsphere_series_list *list);

/* How far apart the VM's samples are, in seconds. ERROR_UNREACHABLE if it has no real-time ones. */
int vsphere_refresh_rate(struct vsphere_session *session, const struct vsphere_reference *machine,
                         int64_t *seconds, struct error *error);

/* The series that a VM has at that interval; a VM that is off has none. The list is the caller's.
 */
int vsphere_available_series(struct vsphere_session *session,
                             const struct vsphere_reference *machine, int64_t interval,
                             struct vsphere_series_list *list, struct error *error);

/* Reads that list out of the answer's response. */
int vsphere_series_read(const xmlNode *response, struct vsphere_series_list *list,
                        struct error *error);

/* Which samples of one VM are asked for. */
struct vsphere_query {
    const struct vsphere_reference *machine;
    const struct vsphere_series_list *series;
    int64_t after; /* samples later than that, ns on the server's clock; 0: the newest */
};

/* What was answered of one VM. */
struct vsphere_samples {
    size_t count;    /* instants */
    int64_t *times;  /* ns on the server's clock, oldest first, each once */
    double *values;  /* by instant, then as the series; NaN where unknown */
    size_t answered; /* series that were in the answer */
};

void vsphere_samples_free(struct vsphere_samples *samples);

/* Told of each VM in the answer, with the element for vsphere_samples_read. */
typedef void vsphere_samples_reader(void *context, const struct vsphere_reference *machine,
                                    const xmlNode *element);

/* Asks for samples of several VMs at once. */
int vsphere_query_samples(struct vsphere_session *session, const struct vsphere_query *queries,
                          size_t count, int64_t interval, vsphere_samples_reader *reader,
                          void *context, struct error *error);

/* Goes through the VMs of the answer's response. */
void vsphere_each_samples(const xmlNode *response, vsphere_samples_reader *reader, void *context);

/*
 * Reads one VM's samples later than `after`. A series whose values are not as many as the instants
 * is unknown: nobody can tell which is of when. So is a negative value, with which a server says
 * that it has none. Free the samples, also after an error.
 */
int vsphere_samples_read(const xmlNode *element, const struct vsphere_series_list *series,
                         int64_t after, struct vsphere_samples *samples, struct error *error);

#endif
