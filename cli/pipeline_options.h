/* The options of a pipeline (analysis/pipeline.h), the same in every verb that trains. */
#ifndef CLI_PIPELINE_OPTIONS_H
#define CLI_PIPELINE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/pipeline.h"
#include "base/error.h"

struct pipeline_options {
    const char *resample;
    int64_t lags;
    bool changes;
};

/* Rows of a verb's table of options; `VARIABLE` is its struct pipeline_options. */
#define PIPELINE_OPTIONS(VARIABLE)                                                                 \
    {"--resample",                                                                                 \
     "TIME",                                                                                       \
     "one row a time of this length, the mean",                                                    \
     OPTION_TEXT,                                                                                  \
     &(VARIABLE).resample,                                                                         \
     0,                                                                                            \
     0},                                                                                           \
        {"--lags",                                                                                 \
         "N",                                                                                      \
         "add each metric of N observations before",                                               \
         OPTION_COUNT,                                                                             \
         &(VARIABLE).lags,                                                                         \
         0,                                                                                        \
         PIPELINE_MOST_LAGS},                                                                      \
    {                                                                                              \
        "--changes", NULL, "add each metric's change since the one before", OPTION_FLAG,           \
            &(VARIABLE).changes, 0, 0                                                              \
    }

/* ERROR_INPUT if the time is none. */
int pipeline_options_read(const struct pipeline_options *options, struct pipeline *pipeline,
                          struct error *error);

#endif
