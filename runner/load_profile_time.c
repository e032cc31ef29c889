#include "runner/load_profile_time.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/quantity.h"

#define DAY (INT64_C(86400) * CLOCK_SECOND)
#define WEEK (7 * DAY)

static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

enum { DAYS = sizeof days / sizeof days[0], DAY_LETTERS = 3 };

enum profile_time profile_time_form(const char *text)
{
    if (isalpha((unsigned char)text[0]))
        return PROFILE_WEEK;
    return strchr(text, ':') != NULL ? PROFILE_DAY : PROFILE_OFFSET;
}

int64_t profile_time_period(enum profile_time form, int64_t period)
{
    if (form == PROFILE_DAY)
        return DAY;
    return form == PROFILE_WEEK ? WEEK : period;
}

/* Two digits under `limit`; moves `*text` behind them. */
static bool read_pair(const char **text, int limit, int64_t *number)
{
    const char *at = *text;

    if (!isdigit((unsigned char)at[0]) || !isdigit((unsigned char)at[1]))
        return false;
    *number = (at[0] - '0') * 10 + (at[1] - '0');
    *text += 2;
    return *number < limit;
}

/* 'HH:MM' or 'HH:MM:SS'. */
static bool read_of_day(const char *text, int64_t *time)
{
    int64_t hours;
    int64_t minutes;
    int64_t seconds = 0;

    if (!read_pair(&text, 24, &hours) || *text++ != ':' || !read_pair(&text, 60, &minutes))
        return false;
    if (*text == ':') {
        text++;
        if (!read_pair(&text, 60, &seconds))
            return false;
    }
    *time = ((hours * 60 + minutes) * 60 + seconds) * CLOCK_SECOND;
    return *text == '\0';
}

static bool read_of_week(const char *text, int64_t *time)
{
    for (int64_t day = 0; day < DAYS; day++) {
        if (strncmp(text, days[day], DAY_LETTERS) != 0 || text[DAY_LETTERS] != ' ')
            continue;
        if (!read_of_day(text + DAY_LETTERS + 1, time))
            return false;
        *time += day * DAY;
        return true;
    }
    return false;
}

static int not_written_so(const char *text, const char *how, struct error *error)
{
    error_set(error, ERROR_INPUT, "\"%.60s\" is no time of this profile", text);
    return error_hint(error, "all its times are written like %s", how);
}

static int read_offset(const struct load_profile *profile, const char *text, int64_t *time,
                       struct error *error)
{
    char period[24];
    double value;

    if (quantity_read(QUANTITY_DURATION, text, &value, error) < 0)
        return -1;
    *time = (int64_t)value;
    if (*time < profile->period)
        return 0;
    clock_format_duration(profile->period, period, sizeof period);
    error_set(error, ERROR_INPUT, "\"%.60s\" is not within the period of %s", text, period);
    return error_hint(error, "the attribute period says after what time the profile repeats");
}

int load_profile_time(const struct load_profile *profile, const char *text, int64_t *time,
                      struct error *error)
{
    if (profile->written == PROFILE_OFFSET)
        return read_offset(profile, text, time, error);
    if (profile->written == PROFILE_DAY)
        return read_of_day(text, time) ? 0 : not_written_so(text, "08:30 or 08:30:15", error);
    return read_of_week(text, time)
               ? 0
               : not_written_so(text, "Mon 08:30 (Mon, Tue, Wed, Thu, Fri, Sat, Sun)", error);
}

void load_profile_describe(const struct load_profile *profile, int64_t time, char *text,
                           size_t size)
{
    int64_t minutes = time / (60 * CLOCK_SECOND);

    if (profile->written == PROFILE_OFFSET)
        clock_format_duration(time, text, size);
    else
        snprintf(text, size, "%s%s%02" PRId64 ":%02" PRId64,
                 profile->written == PROFILE_WEEK ? days[time / DAY % DAYS] : "",
                 profile->written == PROFILE_WEEK ? " " : "", minutes / 60 % 24, minutes % 60);
}
