#include "analysis/pipeline.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/dataset.h"
#include "analysis/pipeline_resample.h"
#include "analysis/record.h"
#include "base/memory.h"

const struct record pipeline_record = {
    sizeof(struct pipeline),
    (const struct field[]){
        {"resample_ns", FIELD_INTEGER, offsetof(struct pipeline, resample_ns), 0, NULL},
        {"lags", FIELD_COUNT, offsetof(struct pipeline, lags), 0, NULL},
        {"changes", FIELD_FLAG, offsetof(struct pipeline, changes), 0, NULL},
        {NULL, FIELD_COUNT, 0, 0, NULL},
    },
};

size_t pipeline_factor(const struct pipeline *pipeline)
{
    return 1 + pipeline->lags + (pipeline->changes != 0);
}

size_t pipeline_history(const struct pipeline *pipeline)
{
    return pipeline->lags > 0 || !pipeline->changes ? pipeline->lags : 1;
}

/* Column of a row so many before, or NaN. */
static double before(const double *values, size_t row, size_t lag, size_t columns, size_t column,
                     const size_t *sequences)
{
    if (row < lag || sequences[row - lag] != sequences[row])
        return NAN;
    return values[(row - lag) * columns + column];
}

void pipeline_derive(const struct pipeline *pipeline, const double *values, size_t rows,
                     size_t columns, const size_t *sequences, double *derived)
{
    size_t wide = columns * pipeline_factor(pipeline);

    for (size_t row = 0; row < rows; row++) {
        double *to = derived + row * wide;

        memcpy(to, values + row * columns, columns * sizeof *to);
        for (size_t lag = 1; lag <= pipeline->lags; lag++) {
            for (size_t i = 0; i < columns; i++)
                to[lag * columns + i] = before(values, row, lag, columns, i, sequences);
        }
        for (size_t i = 0; pipeline->changes && i < columns; i++)
            to[wide - columns + i] = to[i] - before(values, row, 1, columns, i, sequences);
    }
}

/* Names of the derived columns follow those of the metrics. */
static void name_columns(const struct pipeline *pipeline, struct dataset *dataset)
{
    size_t columns = dataset->columns;
    size_t factor = pipeline_factor(pipeline);
    struct dataset_metric *metrics = memory_new(columns * factor, sizeof *metrics);

    memcpy(metrics, dataset->metrics, columns * sizeof *metrics);
    for (size_t i = columns; i < columns * factor; i++) {
        const struct dataset_metric *metric = &metrics[i % columns];
        size_t lag = i / columns;

        metrics[i].resource_group = memory_string(metric->resource_group);
        metrics[i].name = lag <= pipeline->lags ? memory_format("%s, lag %zu", metric->name, lag)
                                                : memory_format("%s, change", metric->name);
    }
    free(dataset->metrics);
    dataset->metrics = metrics;
}

static void derive_columns(const struct pipeline *pipeline, struct dataset *dataset)
{
    struct dataset_timeline *timeline = &dataset->timeline;
    size_t factor = pipeline_factor(pipeline);
    double *derived;

    if (factor == 1 || dataset->columns == 0)
        return;
    derived = memory_new(timeline->rows * dataset->columns * factor, sizeof *derived);
    pipeline_derive(pipeline, timeline->values, timeline->rows, dataset->columns,
                    timeline->sequences, derived);
    free(timeline->values);
    timeline->values = derived;
    name_columns(pipeline, dataset);
    dataset->columns *= factor;
}

void pipeline_apply(const struct pipeline *pipeline, struct dataset *dataset)
{
    if (pipeline->resample_ns > 0)
        pipeline_resample(dataset, pipeline->resample_ns);
    derive_columns(pipeline, dataset);
    dataset->pipeline = *pipeline;
}
