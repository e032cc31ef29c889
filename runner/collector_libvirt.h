/*
 * Inside the libvirt collector: what `virsh domstats --raw` prints of several domains, and how it
 * becomes metrics.
 */
#ifndef RUNNER_COLLECTOR_LIBVIRT_H
#define RUNNER_COLLECTOR_LIBVIRT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "runner/metric_list.h"

enum { DOMAIN_MOST_METRICS = 4096 };

/* Metrics of one domain and its values as last read. */
struct domain_stats {
    struct metric_list list;
    double *values;
    size_t room; /* of values */
};

/*
 * Takes the domain's values from the answer; NaN where one is missing. Metrics that were not there
 * before are added to the list, which `*changed` tells. False if the answer has nothing of the
 * domain.
 */
bool domain_stats_read(struct domain_stats *stats, const struct text *answer, const char *domain,
                       bool *changed);
void domain_stats_free(struct domain_stats *stats);

#endif
