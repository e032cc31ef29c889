/* A comparison as a page that can be mailed. */
#ifndef CLI_COMPARISON_PAGE_H
#define CLI_COMPARISON_PAGE_H

#include "analysis/comparison.h"
#include "analysis/gates.h"
#include "base/error.h"

/* Writes one HTML page, without script or network, whole or not at all: verdicts, what differs
 * between how the runs were made, all figures. `verdicts` is NULL if no gates were asked for. */
int comparison_page_write(const struct comparison *comparison, const struct gate_verdicts *verdicts,
                          const char *path, struct error *error);

#endif
