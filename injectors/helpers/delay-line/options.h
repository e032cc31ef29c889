/* The arguments of delay-line: QUEUE LIMIT STATISTICS [NAME=VALUE ...]; main.c says which. */
#ifndef DELAY_LINE_OPTIONS_H
#define DELAY_LINE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "effects.h"

struct options {
    uint16_t queue;
    size_t limit; /* packets */
    const char *statistics;
    uint32_t mark; /* 0 if none was given */
    struct effects effects;
};

/* False if they are wrong. */
bool options_read(struct options *options, int count, char **arguments);

#endif
