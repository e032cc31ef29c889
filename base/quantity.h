/*
 * Quantities as users write them: a decimal number and its unit in one word ('15s', '2.5min',
 * '5%', '100calls/s', '512MB'). A number without a unit is an error, a sign or an exponent too.
 */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* What a quantity measures; its unit must be one of a kind's own. */
enum quantity_kind {
    QUANTITY_DURATION,    /* ms, s, min, h; value in ns */
    QUANTITY_SHARE,       /* %; value 0.05 for 5%, at most 1 */
    QUANTITY_RATE,        /* calls/s; value in calls per second */
    QUANTITY_SUBSCRIBERS, /* subscribers; a whole number */
    QUANTITY_AGE,         /* min, h, d; value in ns */
    QUANTITY_SIZE,        /* kB, MB, GB, TB: powers of 1000; value in bytes */
};

/* Value of `text` in the kind's own measure (see above). ERROR_INPUT quotes the text and says
 * what is allowed. */
int quantity_read(enum quantity_kind kind, const char *text, double *value, struct error *error);

/* Number of `text`, whose unit must be `unit` itself ('%', 'ms', 'workers'). */
int quantity_read_in(const char *unit, const char *text, double *value, struct error *error);

#endif
