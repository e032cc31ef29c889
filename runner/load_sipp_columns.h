/* The head of SIPp's statistics file: which column means what. */
#ifndef RUNNER_LOAD_SIPP_COLUMNS_H
#define RUNNER_LOAD_SIPP_COLUMNS_H

#include <stddef.h>

#include "base/error.h"

/* Columns of which there is one. */
enum sipp_column {
    SIPP_TIME,
    SIPP_RATE,
    SIPP_CREATED,
    SIPP_CURRENT,
    SIPP_SUCCEEDED,
    SIPP_FAILED,
    SIPP_RETRANSMISSIONS,
    SIPP_COLUMNS
};

/* A cause of failure: the sum of calls failed by it. */
struct sipp_cause {
    char *name; /* 'timeout-on-receive' */
    size_t column;
};

/* A response time: mean and standard deviation in the period. */
struct sipp_response {
    char *name; /* 'register'; 'call' for the call length */
    size_t mean_column;
    size_t deviation_column;
};

struct sipp_columns {
    size_t count; /* fields of a row */
    size_t single[SIPP_COLUMNS];
    struct sipp_cause *causes;
    size_t cause_count;
    struct sipp_response *responses;
    size_t response_count;
};

/* The fields of a line are cut at ';' in place; returns their number, at most `capacity`. The end
 * of a line that ends with ';' is no field. */
size_t sipp_cut_fields(char *line, char **fields, size_t capacity);

/* Reads the head. ERROR_INCONCLUSIVE names the column that is missing or there twice. */
int sipp_columns_read(char *const *names, size_t count, struct sipp_columns *columns,
                      struct error *error);
void sipp_columns_free(struct sipp_columns *columns);

#endif
