/*
 * XML files from untrusted hands. A file may be no larger than XML_FILE_LIMIT and no deeper than
 * XML_DEPTH_LIMIT, and may have no entity declarations; nothing but the file itself and what it
 * includes is read, and never over a network. XInclude is taken in its plain form only,
 * <xi:include href="PATH"/>, PATH relative to the including file: the included file's root
 * element takes the place of the include element.
 */
#ifndef BASE_XML_H
#define BASE_XML_H

#include <libxml/tree.h>
#include <stddef.h>

#include "base/text.h"

#define XML_FILE_LIMIT ((size_t)1 << 20)  /* bytes of one file */
#define XML_TOTAL_LIMIT ((size_t)4 << 20) /* bytes of a file with all it includes */
#define XML_TAG_LIMIT ((size_t)64 << 10)  /* bytes of one tag, or of text between two */
enum {
    XML_DEPTH_LIMIT = 32,         /* elements within elements, in one file */
    XML_ATTRIBUTE_LIMIT = 64,     /* attributes of one element */
    XML_INCLUDE_LIMIT = 256,      /* include elements followed in one document */
    XML_INCLUDE_DEPTH_LIMIT = 8,  /* files including files */
    XML_ELEMENT_LIMIT = 16 * 1024 /* elements of a document */
};

/* Told of each thing wrong; `line` is 0 if that is the file itself; `element` and `hint` may be "".
 * Strings are the caller's. */
typedef void xml_report(void *context, const char *file, int line, const char *element,
                        const char *what, const char *hint);

struct xml_document;

enum xml_kind {
    XML_OURS,   /* our own files: XInclude, and no DOCTYPE */
    XML_FOREIGN /* files for others: includes are left alone, a DOCTYPE without entities is let by
                 */
};

/* Reads a file. NULL if it can't be had or isn't well-formed: then all that is wrong was
 * reported. Release with xml_free. */
struct xml_document *xml_read(const char *path, enum xml_kind kind, xml_report *report,
                              void *context);
void xml_free(struct xml_document *document);

/* The tree and its root element; owned by the document. */
xmlDoc *xml_tree(const struct xml_document *document);
xmlNode *xml_root(const struct xml_document *document);

/* Path of the file in which the element was written. */
const char *xml_file(const xmlNode *element);

/* Line in that file on which the element begins, or on which its attribute is if `attribute` is
 * not NULL and is there. */
int xml_line(const xmlNode *element, const char *attribute);

/* Appends the document as text, what was included in place. */
void xml_write(const struct xml_document *document, struct text *text);

/* Local name of the element. */
const char *xml_name(const xmlNode *element);

/* The next element of this list of siblings, `node` itself included; NULL at the end. */
xmlNode *xml_element(xmlNode *node);

#endif
