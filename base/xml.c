#include "base/xml.h"

#include <libxml/parser.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/xml_file.h"

static const char include_namespace[] = "http://www.w3.org/2001/XInclude";

struct xml_document {
    xmlDoc *tree;
    struct xml_source **sources; /* every file read; the first is the document's own */
    size_t source_count;
    size_t source_capacity;
    size_t bytes;
    size_t elements;
    enum xml_kind kind;
    xml_report *report;
    void *context;
};

static void document_report(struct xml_document *document, const xmlNode *include,
                            const char *attribute, const char *what, const char *hint)
{
    document->report(document->context, xml_file(include), xml_line(include, attribute),
                     "xi:include", what, hint);
}

/* Hands each element its place; both are in the order of the file. */
static struct xml_place *hand_out(xmlNode *node, struct xml_place *place)
{
    for (node = xml_element(node); node != NULL; node = xml_element(node->next)) {
        node->_private = place;
        place = hand_out(node->children, place + 1);
    }
    return place;
}

static bool expand(struct xml_document *document, xmlNode *element);

/* Reads one file of the document, includes and all. `including` is the file that asks for it. */
static struct xml_source *read_source(struct xml_document *document, const char *path,
                                      struct xml_source *including)
{
    struct xml_source *source =
        xml_source_read(path, document->kind == XML_FOREIGN, document->report, document->context);
    char what[96];

    if (source == NULL)
        return NULL;
    source->including = including;
    document->sources = memory_grow(document->sources, document->source_count,
                                    &document->source_capacity, sizeof(struct xml_source *));
    document->sources[document->source_count++] = source;
    document->bytes += source->text.length;
    hand_out(source->tree->children, source->places);
    what[0] = '\0';
    document->elements += source->place_count;
    if (document->elements > XML_ELEMENT_LIMIT)
        snprintf(what, sizeof what, "more than %d elements in all", XML_ELEMENT_LIMIT);
    else if (document->bytes > XML_TOTAL_LIMIT)
        snprintf(what, sizeof what, "more than %zu bytes with all included files", XML_TOTAL_LIMIT);
    if (what[0] != '\0') {
        document->report(document->context, source->path, 1, "", what, "");
        return NULL;
    }
    if (document->kind == XML_OURS && !expand(document, xmlDocGetRootElement(source->tree)))
        return NULL;
    return source;
}

static const char include_form[] = "only <xi:include href=\"FILE\"/> is taken, for XML files";

/* Reports an attribute that an include element may not have. */
static bool attribute_is_allowed(struct xml_document *document, const xmlNode *include,
                                 const xmlAttr *attribute)
{
    const char *name = (const char *)attribute->name;
    xmlChar *value = xmlNodeListGetString(include->doc, attribute->children, 1);
    const char *text = value != NULL ? (const char *)value : "";
    bool is_allowed =
        strcmp(name, "href") == 0 || (strcmp(name, "parse") == 0 && strcmp(text, "xml") == 0);

    if (!is_allowed) {
        char what[160];

        snprintf(what, sizeof what, "%.40s=\"%.60s\" is not allowed in <xi:include>", name, text);
        document_report(document, include, name, what, include_form);
    }
    xmlFree(value);
    return is_allowed;
}

/* Checks the form of an include element; returns its path, to be freed, or NULL. */
static char *include_path(struct xml_document *document, const xmlNode *include)
{
    const char *what = NULL;
    char *path = NULL;
    xmlChar *reference;

    for (xmlAttr *attribute = include->properties; attribute != NULL; attribute = attribute->next) {
        if (!attribute_is_allowed(document, include, attribute))
            return NULL;
    }
    reference = xmlGetNoNsProp(include, BAD_CAST "href");
    if (reference == NULL || reference[0] == '\0')
        what = "attribute \"href\" is missing in <xi:include>";
    else if (strstr((const char *)reference, "://") != NULL)
        what = "only files on this machine can be included";
    else if (xml_element(include->children) != NULL)
        what = "no elements are allowed in <xi:include>";
    if (what != NULL)
        document_report(document, include, "href", what, include_form);
    else
        path = path_beside(xml_file(include), (const char *)reference);
    xmlFree(reference);
    return path;
}

/* True if `path` is this file or one of those that led to it. */
static bool is_being_read(const struct xml_source *source, const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0)
        return false;
    for (; source != NULL; source = source->including) {
        if (source->device == status.st_dev && source->inode == status.st_ino)
            return true;
    }
    return false;
}

static size_t include_depth(const struct xml_source *source)
{
    size_t depth = 0;

    for (; source != NULL; source = source->including)
        depth++;
    return depth;
}

/* What forbids the inclusion of `path`, or NULL. */
static const char *include_refusal(const struct xml_document *document,
                                   const struct xml_source *source, const char *path)
{
    struct stat status;

    if (stat(path, &status) < 0)
        return "there is no file";
    if (!S_ISREG(status.st_mode))
        return "this is not a regular file:";
    if (is_being_read(source, path))
        return "a file can't include itself:";
    if (include_depth(source) > XML_INCLUDE_DEPTH_LIMIT)
        return "files include files too deeply:";
    if (document->source_count > XML_INCLUDE_LIMIT)
        return "too many files are included:";
    return NULL;
}

/* Puts the included file's root element in the include element's place. */
static bool follow(struct xml_document *document, xmlNode *include)
{
    const struct xml_place *place = include->_private;
    char *path = include_path(document, include);
    const char *refusal;
    struct xml_source *included = NULL;

    if (path == NULL)
        return false;
    refusal = include_refusal(document, place->source, path);
    if (refusal != NULL) {
        char *what = memory_format("%s %s", refusal, path);

        document_report(document, include, "href", what, "");
        free(what);
    } else {
        included = read_source(document, path, place->source);
    }
    free(path);
    if (included == NULL)
        return false;
    xmlFreeNode(xmlReplaceNode(include, xmlDocGetRootElement(included->tree)));
    return true;
}

/* Follows the includes in the element, or the element itself if it is one. */
static bool expand(struct xml_document *document, xmlNode *element)
{
    bool is_whole = true;
    xmlNode *next;

    if (element->ns != NULL && strcmp((const char *)element->ns->href, include_namespace) == 0)
        return follow(document, element);
    for (xmlNode *child = xml_element(element->children); child != NULL; child = next) {
        next = xml_element(child->next);
        if (!expand(document, child))
            is_whole = false;
    }
    return is_whole;
}

struct xml_document *xml_read(const char *path, enum xml_kind kind, xml_report *report,
                              void *context)
{
    struct xml_document *document = memory_new(1, sizeof *document);
    struct xml_source *source;

    document->kind = kind;
    document->report = report;
    document->context = context;
    source = read_source(document, path, NULL);
    if (source == NULL) {
        xml_free(document);
        return NULL;
    }
    document->tree = source->tree;
    return document;
}

void xml_free(struct xml_document *document)
{
    if (document == NULL)
        return;
    /* The first tree goes first: it may hold elements whose namespaces belong to the others. */
    for (size_t i = 0; i < document->source_count; i++)
        xml_source_free(document->sources[i]);
    free(document->sources);
    free(document);
}

xmlDoc *xml_tree(const struct xml_document *document)
{
    return document->tree;
}

xmlNode *xml_root(const struct xml_document *document)
{
    return xmlDocGetRootElement(document->tree);
}

const char *xml_file(const xmlNode *element)
{
    const struct xml_place *place = element->_private;

    return place->source->path;
}

void xml_write(const struct xml_document *document, struct text *text)
{
    xmlChar *bytes = NULL;
    int length = 0;

    xmlDocDumpMemoryEnc(document->tree, &bytes, &length, "UTF-8");
    if (bytes != NULL)
        text_append_bytes(text, (const char *)bytes, (size_t)length);
    xmlFree(bytes);
}

const char *xml_name(const xmlNode *element)
{
    return (const char *)element->name;
}

xmlNode *xml_element(xmlNode *node)
{
    while (node != NULL && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}
