#include "cli/time_option.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/quantity.h"

int time_option_read(const char *option, const char *text, const char *purpose, int64_t *value,
                     struct error *error)
{
    double nanoseconds = 0;

    if (text != NULL && quantity_read(QUANTITY_DURATION, text, &nanoseconds, error) < 0)
        return error_where(error, "%s", option);
    *value = (int64_t)nanoseconds;
    if (text == NULL || *value >= CLOCK_MILLISECOND)
        return 0;
    error_set(error, ERROR_INPUT, "'%s' is no time %s", text, purpose);
    return error_where(error, "%s", option);
}
