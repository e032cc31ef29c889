/*
 * What an XML Schema of campaigns/schema/ allows where, read from the schema file itself, so that
 * messages can list it. Understands the plain style those schemas are written in: elements nested
 * in the complex type of their parent, or a named complex type of the same file.
 */
#ifndef RUNNER_DECLARATION_H
#define RUNNER_DECLARATION_H

#include <stdbool.h>

#include "base/xml.h"

enum { MOST_DECLARED = 64 }; /* names in one list */

struct declarations;

/* A list of names. They belong to it: release it with declared_names_free. */
struct declared_names {
    const char *items[MOST_DECLARED];
    size_t count;
};

/* Reads 'campaign.xsd' say, and the shared types beside it. NULL if that fails: reported. */
struct declarations *declarations_read(const char *path, xml_report *report, void *context);
void declarations_free(struct declarations *declarations);

/* Declaration of the element of a document, or NULL if its place allows none of its name. */
const xmlNode *declaration_of(const struct declarations *declarations, const xmlNode *element);

/* Names of the attributes, or of the required ones only. */
void declared_attributes(const struct declarations *declarations, const xmlNode *declaration,
                         bool only_required, struct declared_names *names);

/* Names of the elements within, or of the required ones only. */
void declared_elements(const struct declarations *declarations, const xmlNode *declaration,
                       bool only_required, struct declared_names *names);

/* True if each element within may be there only once. */
bool declared_once(const struct declarations *declarations, const xmlNode *declaration);

/* What an attribute's value may be: for a named type its name and in words; for a list of values
 * the list. All empty if there is no such attribute. */
struct declared_value {
    char type[32];
    char pattern[128];
    char words[160];
    struct declared_names allowed;
};

void declared_value(const struct declarations *declarations, const xmlNode *declaration,
                    const char *attribute, struct declared_value *value);

void declared_names_free(struct declared_names *names);

#endif
