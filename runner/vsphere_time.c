#include "runner/vsphere_time.h"

#include <stddef.h>
#include <time.h>

#include "base/clock.h"

/* Reads just `count` digits and moves on; false if there are others. */
static bool read_digits(const char **at, int count, int *number)
{
    *number = 0;
    for (; count > 0; count--, (*at)++) {
        if (**at < '0' || **at > '9')
            return false;
        *number = *number * 10 + (**at - '0');
    }
    return true;
}

static bool read_mark(const char **at, char mark)
{
    if (**at != mark)
        return false;
    (*at)++;
    return true;
}

static bool read_date(const char **at, struct tm *time)
{
    if (!read_digits(at, 4, &time->tm_year) || !read_mark(at, '-') ||
        !read_digits(at, 2, &time->tm_mon) || !read_mark(at, '-') ||
        !read_digits(at, 2, &time->tm_mday))
        return false;
    if (time->tm_year < 1970 || time->tm_year > 2199 || time->tm_mon < 1 || time->tm_mon > 12 ||
        time->tm_mday < 1 || time->tm_mday > 31)
        return false;
    time->tm_year -= 1900;
    time->tm_mon -= 1;
    return true;
}

static bool read_clock(const char **at, struct tm *time)
{
    return read_digits(at, 2, &time->tm_hour) && read_mark(at, ':') &&
           read_digits(at, 2, &time->tm_min) && read_mark(at, ':') &&
           read_digits(at, 2, &time->tm_sec) && time->tm_hour <= 24 && time->tm_min < 60 &&
           time->tm_sec <= 60;
}

/* Digits beyond the ninth are left out. */
static bool read_fraction(const char **at, int64_t *fraction, int64_t *step)
{
    *fraction = 0;
    *step = CLOCK_SECOND;
    if (!read_mark(at, '.'))
        return true;
    if (**at < '0' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9'; (*at)++) {
        if (*step > 1) {
            *step /= 10;
            *fraction += (**at - '0') * *step;
        }
    }
    return true;
}

static bool read_zone(const char **at, int64_t *east)
{
    bool is_east = **at == '+';
    int hours;
    int minutes;

    *east = 0;
    if (**at == '\0' || read_mark(at, 'Z'))
        return true;
    if (!read_mark(at, '+') && !read_mark(at, '-'))
        return false;
    if (!read_digits(at, 2, &hours) || !read_mark(at, ':') || !read_digits(at, 2, &minutes) ||
        hours > 14 || minutes > 59)
        return false;
    *east = (is_east ? 1 : -1) * (hours * INT64_C(60) + minutes) * 60 * CLOCK_SECOND;
    return true;
}

bool vsphere_time_read(const char *string, int64_t *instant, int64_t *step)
{
    struct tm time = {0};
    int64_t fraction;
    int64_t finest;
    int64_t east;

    if (string == NULL || !read_date(&string, &time) || !read_mark(&string, 'T') ||
        !read_clock(&string, &time) || !read_fraction(&string, &fraction, &finest) ||
        !read_zone(&string, &east) || *string != '\0')
        return false;
    *instant = (int64_t)timegm(&time) * CLOCK_SECOND + fraction - east;
    if (step != NULL)
        *step = finest;
    return *instant >= 0;
}

void vsphere_time_write(struct text *text, int64_t instant)
{
    time_t seconds = (time_t)(instant / CLOCK_SECOND);
    char buffer[32];
    struct tm time;

    gmtime_r(&seconds, &time);
    strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%S", &time);
    text_append(text, buffer);
    if (instant % CLOCK_SECOND != 0)
        text_appendf(text, ".%09lld", (long long)(instant % CLOCK_SECOND));
    text_append(text, "Z");
}

struct vsphere_clock vsphere_clock_measure(int64_t began, int64_t ended, int64_t instant,
                                           int64_t step)
{
    /* What the server cut off makes its instant up to a step later than it says. */
    int64_t least = began - instant - step;
    int64_t most = ended - instant;

    return (struct vsphere_clock){.offset = least + (most - least) / 2,
                                  .bound = (most - least + 1) / 2};
}
