/* A comparison for programs (docs/compare.md). */
#ifndef CLI_COMPARISON_JSON_H
#define CLI_COMPARISON_JSON_H

#include <stdio.h>

#include "analysis/comparison.h"
#include "base/error.h"

int comparison_json_print(const struct comparison *comparison, FILE *stream, struct error *error);

#endif
