#include "base/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { MOST_DIGITS = 15 }; /* a double holds all whole numbers of so many digits */

struct unit {
    const char *name;
    double factor; /* number x factor / divisor is the value in the kind's measure */
    double divisor;
};

static const struct quantity {
    const char *what; /* 'a duration' */
    const char *example;
    struct unit units[5]; /* ends with a NULL name */
    double most;
    const char *most_text;
    bool is_whole;
} quantities[] = {
    [QUANTITY_DURATION] =
        {.what = "a duration",
         .example = "15s",
         .units = {{"ms", 1e6, 1}, {"s", 1e9, 1}, {"min", 60e9, 1}, {"h", 3600e9, 1}},
         .most = 8784.0 * 3600e9,
         .most_text = "8784h",
         .is_whole = false},
    [QUANTITY_SHARE] = {.what = "a share",
                        .example = "5%",
                        .units = {{"%", 1, 100}},
                        .most = 1,
                        .most_text = "100%",
                        .is_whole = false},
    [QUANTITY_RATE] = {.what = "a rate",
                       .example = "100calls/s",
                       .units = {{"calls/s", 1, 1}},
                       .most = 1e6,
                       .most_text = "1000000calls/s",
                       .is_whole = false},
    [QUANTITY_SUBSCRIBERS] = {.what = "a number of subscribers",
                              .example = "1000subscribers",
                              .units = {{"subscribers", 1, 1}},
                              .most = 1e9,
                              .most_text = "1000000000subscribers",
                              .is_whole = true},
    [QUANTITY_AGE] = {.what = "an age",
                      .example = "30d",
                      .units = {{"min", 60e9, 1}, {"h", 3600e9, 1}, {"d", 24 * 3600e9, 1}},
                      .most = 36500 * 24 * 3600e9,
                      .most_text = "36500d",
                      .is_whole = false},
    [QUANTITY_SIZE] = {.what = "a size",
                       .example = "10GB",
                       .units = {{"kB", 1e3, 1}, {"MB", 1e6, 1}, {"GB", 1e9, 1}, {"TB", 1e12, 1}},
                       .most = 1e15,
                       .most_text = "1000TB",
                       .is_whole = false},
};

/* Reads digits with an optional fraction and moves `*text` to the unit. The machine's locale has
 * no say in it. False if there is no such number. */
static bool read_number(const char **text, double *number)
{
    double digits = 0;
    double divisor = 1;
    int count = 0;
    bool is_fraction = false;
    const char *at = *text;

    for (;; at++) {
        if (*at == '.' && !is_fraction && at > *text && isdigit((unsigned char)at[1])) {
            is_fraction = true;
            continue;
        }
        if (!isdigit((unsigned char)*at))
            break;
        if (++count > MOST_DIGITS)
            return false;
        digits = digits * 10 + (*at - '0');
        if (is_fraction)
            divisor *= 10;
    }
    *number = digits / divisor;
    *text = at;
    return count > 0;
}

/* Number and unit of `text`; the error's hint is left to the caller. */
static int split(const char *text, double *number, const char **unit, struct error *error)
{
    *unit = text;
    if (!read_number(unit, number))
        return error_set(error, ERROR_INPUT, "\"%.60s\" is not a number with a unit", text);
    if (**unit == '\0')
        return error_set(error, ERROR_INPUT, "\"%.60s\" has no unit", text);
    return 0;
}

static int hint_at_units(const struct quantity *quantity, struct error *error)
{
    char units[64] = "";

    for (const struct unit *unit = quantity->units; unit->name != NULL; unit++) {
        size_t used = strlen(units);

        snprintf(units + used, sizeof units - used, "%s%s", used > 0 ? ", " : "", unit->name);
    }
    return error_hint(error, "%s is written like %s; unit%s: %s", quantity->what, quantity->example,
                      quantity->units[1].name != NULL ? "s" : "", units);
}

int quantity_read(enum quantity_kind kind, const char *text, double *value, struct error *error)
{
    const struct quantity *quantity = &quantities[kind];
    const struct unit *unit = quantity->units;
    const char *unit_name;
    double number;

    if (split(text, &number, &unit_name, error) < 0)
        return hint_at_units(quantity, error);
    while (unit->name != NULL && strcmp(unit->name, unit_name) != 0)
        unit++;
    if (unit->name == NULL) {
        error_set(error, ERROR_INPUT, "\"%.60s\" has the unknown unit \"%.40s\"", text, unit_name);
        return hint_at_units(quantity, error);
    }
    if (quantity->is_whole && number != floor(number))
        return error_set(error, ERROR_INPUT, "\"%.60s\" is not a whole number", text);
    *value = number * unit->factor / unit->divisor;
    if (*value > quantity->most)
        return error_set(error, ERROR_INPUT, "\"%.60s\" is over %s", text, quantity->most_text);
    if (kind == QUANTITY_DURATION)
        *value = round(*value);
    return 0;
}

int quantity_read_in(const char *unit, const char *text, double *value, struct error *error)
{
    const char *unit_name;

    if (split(text, value, &unit_name, error) < 0)
        return error_hint(error, "it is written in %s, like 10%s", unit, unit);
    if (strcmp(unit_name, unit) == 0)
        return 0;
    error_set(error, ERROR_INPUT, "\"%.60s\" has the unit \"%.40s\" in place of \"%s\"", text,
              unit_name, unit);
    return error_hint(error, "it is written in %s, like 10%s", unit, unit);
}
