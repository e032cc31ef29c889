#include "cli/pipeline_options.h"

#include "base/quantity.h"

int pipeline_options_read(const struct pipeline_options *options, struct pipeline *pipeline,
                          struct error *error)
{
    double nanoseconds = 0;

    if (options->resample != NULL &&
        quantity_read(QUANTITY_DURATION, options->resample, &nanoseconds, error) < 0)
        return error_where(error, "--resample");
    if (options->resample != NULL && nanoseconds < 1)
        return error_set(error, ERROR_INPUT, "--resample: '%s' is no time", options->resample);
    *pipeline = (struct pipeline){(int64_t)nanoseconds, (size_t)options->lags, options->changes};
    return 0;
}
