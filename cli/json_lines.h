#ifndef CLI_JSON_LINES_H
#define CLI_JSON_LINES_H

#include <jansson.h>

/* The lines of `text`, without the spaces that they begin with, as an array of strings. The caller
 * owns it. */
json_t *json_lines(const char *text);

#endif
