#include "analysis/service_level.h"

#include <math.h>

int service_level_compare(const struct report_run *run, struct error *error)
{
    const struct report_campaign *level = &run->campaign;
    struct report_nominal nominal;

    if (level->maximum_failure_share < 0 && level->maximum_response_time < 0)
        return 0;
    report_nominal_figures(run, report_main_transaction(run), &nominal);
    if (nominal.experiments == 0)
        return error_set(error, ERROR_INCONCLUSIVE,
                         "the campaign states a service level, but no nominal experiment is valid");
    if ((level->maximum_failure_share >= 0 && !isfinite(nominal.failure_share)) ||
        (level->maximum_response_time >= 0 && !isfinite(nominal.response_time)))
        return error_set(error, ERROR_INCONCLUSIVE,
                         "the campaign states a service level, but no nominal call ended");
    if (level->maximum_failure_share >= 0 && nominal.failure_share > level->maximum_failure_share)
        return error_set(error, ERROR_THRESHOLD,
                         "service level: %.2f%% of nominal calls failed, allowed are %.2f%%",
                         100 * nominal.failure_share, 100 * level->maximum_failure_share);
    if (level->maximum_response_time >= 0 && nominal.response_time > level->maximum_response_time)
        return error_set(error, ERROR_THRESHOLD,
                         "service level: nominal calls took %.1f ms on average, allowed are %.1f "
                         "ms",
                         1e3 * nominal.response_time, 1e3 * level->maximum_response_time);
    return 0;
}

int service_level_check(struct store *store, struct error *error)
{
    struct report_run run = {0};
    int result = report_run_read(store, &run, error);

    if (result == 0)
        result = service_level_compare(&run, error);
    report_run_free(&run);
    return result;
}
