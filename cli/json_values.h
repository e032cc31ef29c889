/* Values of the verbs' JSON. */
#ifndef CLI_JSON_VALUES_H
#define CLI_JSON_VALUES_H

#include <jansson.h>

/* The lines of `text`, without the spaces that they begin with, as an array of strings. The caller
 * owns it. */
json_t *json_lines(const char *text);

/* A number, or null for NaN. The caller owns it. */
json_t *json_number(double value);

#endif
