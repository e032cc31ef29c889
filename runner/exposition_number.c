/* Numbers of a page, exact to the last bit, and what may follow them in a line. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/clock.h"
#include "runner/exposition_parts.h"

/* A number's digits as a whole number, and what power of ten it is to be multiplied with. */
struct decimal {
    uint64_t digits;
    int exponent;
    bool negative;
    bool long_winded; /* more digits than a whole number of 64 bits is sure to hold */
};

enum { SURE_DIGITS = 19, MOST_EXPONENT = 99999 };

static bool is_digit(char letter)
{
    return letter >= '0' && letter <= '9';
}

static const char *read_digits(const char *at, uint64_t *digits)
{
    for (; is_digit(*at); at++)
        *digits = *digits * 10 + (uint64_t)(*at - '0');
    return at;
}

static const char *read_exponent(const char *at, int *exponent)
{
    bool negative = at[1] == '-';
    int value = 0;

    at += negative || at[1] == '+' ? 2 : 1;
    if (!is_digit(*at))
        return NULL;
    for (; is_digit(*at); at++)
        value = value < MOST_EXPONENT ? value * 10 + (*at - '0') : value;
    *exponent += negative ? -value : value;
    return at;
}

static const char *read_decimal(const char *text, struct decimal *decimal)
{
    const char *at = text + (*text == '-' || *text == '+');
    const char *start = at;
    ptrdiff_t count;

    decimal->negative = *text == '-';
    decimal->digits = 0;
    decimal->exponent = 0;
    at = read_digits(at, &decimal->digits);
    count = at - start;
    if (*at == '.') {
        const char *fraction = ++at;

        at = read_digits(at, &decimal->digits);
        count += at - fraction;
        decimal->exponent = (int)(fraction - at > -MOST_EXPONENT ? fraction - at : -MOST_EXPONENT);
    }
    decimal->long_winded = count > SURE_DIGITS;
    if (count == 0)
        return NULL;
    return *at == 'e' || *at == 'E' ? read_exponent(at, &decimal->exponent) : at;
}

/* One operation on exact operands rounds once, as it should. */
static bool is_easy(const struct decimal *decimal, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    enum { MOST = sizeof powers / sizeof powers[0] - 1 };

    if (FLT_EVAL_METHOD != 0 || decimal->long_winded || decimal->digits > UINT64_C(1) << 53 ||
        decimal->exponent < -MOST || decimal->exponent > MOST)
        return false;
    *value = decimal->exponent < 0 ? (double)decimal->digits / powers[-decimal->exponent]
                                   : (double)decimal->digits * powers[decimal->exponent];
    return true;
}

/*
 * The same with the 64 bits of x86's long numbers, for the 17 digits that a double can need.
 * Rounding those to 53 bits is rounding once, unless they are just in the middle between two
 * doubles.
 */
static bool is_long(const struct decimal *decimal, double *value)
{
#if LDBL_MANT_DIG == 64
    static const long double powers[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                         1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                         1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                         1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L};
    enum { MOST = sizeof powers / sizeof powers[0] - 1 };
    long double number;
    uint64_t bits;

    if (decimal->long_winded || decimal->exponent < -MOST || decimal->exponent > MOST)
        return false;
    number = decimal->exponent < 0 ? (long double)decimal->digits / powers[-decimal->exponent]
                                   : (long double)decimal->digits * powers[decimal->exponent];
    memcpy(&bits, &number, sizeof bits);
    *value = (double)number;
    return (bits & 0x7ff) != 0x400;
#else
    (void)decimal;
    (void)value;
    return false;
#endif
}

static const char *read_word(const char *text, double *value)
{
    static const struct {
        const char *word;
        double value;
    } words[] = {{"nan", (double)NAN},
                 {"+infinity", (double)INFINITY},
                 {"-infinity", -(double)INFINITY},
                 {"infinity", (double)INFINITY},
                 {"+inf", (double)INFINITY},
                 {"-inf", -(double)INFINITY},
                 {"inf", (double)INFINITY}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i].word);

        if (strncasecmp(text, words[i].word, length) == 0) {
            *value = words[i].value;
            return text + length;
        }
    }
    return NULL;
}

const char *exposition_number(const char *text, double *value)
{
    struct decimal decimal;
    const char *end = read_decimal(text, &decimal);

    if (end == NULL)
        return read_word(text, value);
    if (!is_easy(&decimal, value) && !is_long(&decimal, value)) {
        /* The program has the locale "C". What was read here is a number to strtod, too. */
        *value = strtod(text, NULL);
        return end;
    }
    *value = decimal.negative ? -*value : *value;
    return end;
}

/* Seconds as nanoseconds; exact where they have at most 9 decimals and no exponent. */
static bool scale_seconds(const struct decimal *decimal, const char *text, int64_t *time)
{
    int64_t scale = 1;
    double seconds;

    for (int i = -9; i < decimal->exponent && scale < CLOCK_SECOND; i++)
        scale *= 10;
    if (!decimal->long_winded && decimal->exponent >= -9 && decimal->exponent <= 0 &&
        decimal->digits <= (uint64_t)(INT64_MAX / scale)) {
        *time = (int64_t)decimal->digits * scale * (decimal->negative ? -1 : 1);
        return true;
    }
    exposition_number(text, &seconds);
    if (!(fabs(seconds) < (double)(INT64_MAX / CLOCK_SECOND)))
        return false;
    *time = (int64_t)llround(seconds * (double)CLOCK_SECOND);
    return true;
}

const char *exposition_time(const char *text, enum exposition_format format, int64_t *time)
{
    struct decimal decimal;
    const char *end = read_decimal(text, &decimal);

    if (end == NULL)
        return NULL;
    if (format == EXPOSITION_TEXT) {
        if (decimal.long_winded || memchr(text, '.', (size_t)(end - text)) != NULL ||
            decimal.exponent != 0 || decimal.digits > (uint64_t)(INT64_MAX / CLOCK_MILLISECOND))
            return NULL;
        *time = (int64_t)decimal.digits * CLOCK_MILLISECOND * (decimal.negative ? -1 : 1);
        return end;
    }
    return scale_seconds(&decimal, text, time) ? end : NULL;
}

/* Past '{name="value",...}'; what it says is of no use here. */
static const char *skip_labels(const char *at)
{
    if (*at != '{')
        return NULL;
    for (at++; *at != '}'; at++) {
        if (*at == '"') {
            for (at++; *at != '"'; at++) {
                at += *at == '\\';
                if (*at == '\0' || *at == '\n')
                    return NULL;
            }
        }
        if (*at == '\0' || *at == '\n')
            return NULL;
    }
    return at + 1;
}

static const char *skip_exemplar(const char *at)
{
    double value;
    int64_t time;

    at = skip_labels(exposition_skip_blanks(at + 1));
    if (at == NULL || (at = exposition_number(exposition_skip_blanks(at), &value)) == NULL)
        return NULL;
    if (*at != ' ' && *at != '\t')
        return at;
    at = exposition_skip_blanks(at);
    return is_digit(*at) || *at == '-' || *at == '+'
               ? exposition_time(at, EXPOSITION_OPENMETRICS, &time)
               : at;
}

const char *exposition_line_rest(const char *text, enum exposition_format format, int64_t *time)
{
    const char *at = exposition_skip_blanks(text);

    *time = EXPOSITION_NO_TIME;
    if (at > text && *at != '\n' && *at != '\r' && *at != '#') {
        at = exposition_time(at, format, time);
        if (at == NULL)
            return NULL;
    }
    if (format == EXPOSITION_OPENMETRICS) {
        at = exposition_skip_blanks(at);
        if (*at == '#')
            at = skip_exemplar(at);
        if (at == NULL)
            return NULL;
    }
    at = exposition_skip_blanks(at);
    at += *at == '\r';
    return *at == '\n' ? at + 1 : NULL;
}
