/* A comparison for programs (docs/compare.md). */
#ifndef CLI_COMPARISON_JSON_H
#define CLI_COMPARISON_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/comparison.h"
#include "analysis/gates.h"
#include "base/error.h"

/* Prints it as one object; `verdicts` is NULL where no gates were asked for. */
int comparison_json_print(const struct comparison *comparison, const struct gate_verdicts *verdicts,
                          FILE *stream, struct error *error);

/* One line of a comparison; a new reference. */
json_t *comparison_json_row(const struct compared_row *row);

#endif
