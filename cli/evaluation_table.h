/* The evaluation of a run as a table for people. */
#ifndef CLI_EVALUATION_TABLE_H
#define CLI_EVALUATION_TABLE_H

#include <stdio.h>

#include "analysis/evaluation.h"

void evaluation_table_print(const struct evaluation *evaluation, FILE *stream);

#endif
