/* Where an element or attribute stands in its file; libxml2 keeps only where start tags end. */
#include <ctype.h>
#include <string.h>

#include "base/xml.h"
#include "base/xml_file.h"

/* The attribute in the start tag at `at`; NULL if it isn't there. */
static const char *find_attribute(const char *at, const char *name)
{
    size_t length = strlen(name);

    at++;
    while (*at != '\0' && *at != '>') {
        if (*at == '"' || *at == '\'') {
            at = strchr(at + 1, *at);
            if (at == NULL)
                return NULL;
        } else if (isspace((unsigned char)*at) && strncmp(at + 1, name, length) == 0 &&
                   (at[1 + length] == '=' || isspace((unsigned char)at[1 + length]))) {
            return at + 1;
        }
        at++;
    }
    return NULL;
}

static int count_lines(const char *from, const char *until)
{
    int lines = 0;

    for (; from < until; from++)
        lines += *from == '\n';
    return lines;
}

int xml_line(const xmlNode *element, const char *attribute)
{
    const struct xml_place *place = element->_private;
    const char *found = NULL;

    if (attribute != NULL && place->tag != NULL)
        found = find_attribute(place->tag, attribute);
    return place->line + (found != NULL ? count_lines(place->tag, found) : 0);
}
