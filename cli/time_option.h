/* Options that are a length of time. */
#ifndef CLI_TIME_OPTION_H
#define CLI_TIME_OPTION_H

#include <stdint.h>

#include "base/error.h"

/*
 * Reads '90s', '7h' in nanoseconds, a millisecond at least; 0 if the option was not given (`text`
 * is NULL). ERROR_INPUT names the option; `purpose` ends "'0s' is no time ...": "to go by", say.
 */
int time_option_read(const char *option, const char *text, const char *purpose, int64_t *value,
                     struct error *error);

#endif
