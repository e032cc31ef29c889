/* What an XML file says, as a list that can be compared with another's. */
#ifndef ANALYSIS_FACTS_OF_XML_H
#define ANALYSIS_FACTS_OF_XML_H

#include <stddef.h>

struct xml_fact {
    char *path; /* 'load@rate', 'matrix/faults/fault[cpu]/intensity[high]@value' */
    char *value;
};

struct xml_facts {
    struct xml_fact *items; /* sorted by path, those of one path by value */
    size_t count;
    size_t capacity;
};

/* Attributes and texts of what is in the root element of a file that a run database holds. An
 * element that others stand beside goes by its name, else its type, else its place. A text that is
 * no XML says nothing. Descriptions are left out. Free with xml_facts_free. */
void xml_facts_read(const char *xml, struct xml_facts *facts);
void xml_facts_free(struct xml_facts *facts);

#endif
