/* Instants of an imported file. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "cli/import.h"

static const struct unit {
    const char *name;
    int64_t length; /* ns */
} units[] = {{"s", CLOCK_SECOND}, {"ms", CLOCK_MILLISECOND}, {"us", 1000}, {"ns", 1}};

/* Digits after the point as ns of a unit; `text` is moved to what follows them. */
static int64_t fraction(const char **text, int64_t length)
{
    int64_t sum = 0;

    for (; isdigit((unsigned char)**text); (*text)++) {
        length /= 10;
        sum += (**text - '0') * length;
    }
    return sum;
}

/* Plain decimals, which a double would round: 19 digits of nanoseconds since 1970. */
static bool plain(const char *text, int64_t length, int64_t *instant)
{
    bool negative = *text == '-';
    int64_t whole = 0;

    text += negative || *text == '+';
    if (!isdigit((unsigned char)*text))
        return false;
    for (; isdigit((unsigned char)*text); text++) {
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, *text - '0', &whole))
            return false;
    }
    if (__builtin_mul_overflow(whole, length, &whole))
        return false;
    if (*text == '.') {
        text++;
        if (__builtin_add_overflow(whole, fraction(&text, length), &whole))
            return false;
    }
    *instant = negative ? -whole : whole;
    return *text == '\0';
}

static bool with_exponent(const char *text, int64_t length, int64_t *instant)
{
    char *end;
    double number = strtod(text, &end) * (double)length;

    if (end == text || *end != '\0' || !(fabs(number) < 9e18))
        return false;
    *instant = llround(number);
    return true;
}

static bool iso_8601(const char *text, int64_t *instant)
{
    struct tm parts = {0};
    const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);

    if (rest == NULL)
        rest = strptime(text, "%Y-%m-%d %H:%M:%S", &parts);
    if (rest == NULL || parts.tm_year > 200 || parts.tm_year < -200)
        return false;
    *instant = (int64_t)timegm(&parts) * CLOCK_SECOND;
    if (*rest == '.') {
        rest++;
        *instant += fraction(&rest, CLOCK_SECOND);
    }
    return strcmp(rest, "") == 0 || strcmp(rest, "Z") == 0 || strcmp(rest, "+00:00") == 0;
}

bool import_instant(const char *text, const char *unit, int64_t *instant_ns)
{
    int64_t length = 0;

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(units[i].name, unit) == 0)
            length = units[i].length;
    }
    return length > 0 && (plain(text, length, instant_ns) ||
                          with_exponent(text, length, instant_ns) || iso_8601(text, instant_ns));
}
