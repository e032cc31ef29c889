#include "cli/json_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

json_t *json_lines(const char *text)
{
    json_t *list = json_array();
    char *copy = memory_string(text);
    char *rest = NULL;

    for (char *line = strtok_r(copy, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest))
        json_array_append_new(list, json_string(line + strspn(line, " ")));
    free(copy);
    return list;
}

json_t *json_number(double value)
{
    return isnan(value) ? json_null() : json_real(value);
}
