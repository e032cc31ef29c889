/* One file of an XML document: its bytes and its tree. For base/xml.c and base/xml_line.c. */
#ifndef BASE_XML_FILE_H
#define BASE_XML_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/xml.h"

/* Where an element was written: what its node's _private points at. */
struct xml_place {
    struct xml_source *source;
    const char *tag; /* the '<' of its start tag in the source's text; NULL if not known */
    int line;        /* of that, from 1 */
};

struct xml_source {
    char *path;
    dev_t device;
    ino_t inode;
    struct text text;
    xmlDoc *tree;
    struct xml_place *places; /* of its elements, in the order of their start tags */
    size_t place_count;
    struct xml_source *including; /* file that includes it; NULL for the document's own */
};

/* Reads and parses one file without following anything. NULL if that can't be done: reported. */
struct xml_source *xml_source_read(const char *path, bool is_foreign, xml_report *report,
                                   void *context);
void xml_source_free(struct xml_source *source);

#endif
