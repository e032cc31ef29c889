/* What tells one series of a VM from another. */
#ifndef RUNNER_VSPHERE_SERIES_H
#define RUNNER_VSPHERE_SERIES_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

/* Compares two struct vsphere_series, for qsort and bsearch. */
int vsphere_series_order(const void *one, const void *other);

/* Reads the element that identifies a series; the instance is the tree's. */
bool vsphere_series_read_id(const xmlNode *id, int32_t *counter, const char **instance);

#endif
