#include "analysis/facts_of_xml.h"

#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static void add_fact(struct xml_facts *facts, const char *path, const char *value)
{
    struct xml_fact *fact;

    facts->items = memory_grow(facts->items, facts->count, &facts->capacity, sizeof *facts->items);
    fact = &facts->items[facts->count++];
    fact->path = memory_string(path);
    fact->value = memory_string(value);
}

static void add_attributes(struct xml_facts *facts, struct text *path, xmlNode *element)
{
    size_t length = path->length;

    for (xmlAttr *attribute = element->properties; attribute != NULL; attribute = attribute->next) {
        xmlChar *value;

        /* A name is in the path already; alone it is all that there is to say. */
        if (xmlStrcmp(attribute->name, BAD_CAST "name") == 0 && element->properties->next != NULL)
            continue;
        value = xmlNodeListGetString(element->doc, attribute->children, 1);
        text_appendf(path, "@%s", (const char *)attribute->name);
        add_fact(facts, text_string(path), value != NULL ? (const char *)value : "");
        path->length = length;
        xmlFree(value);
    }
}

/* The element's own text without white space around it. */
static void add_content(struct xml_facts *facts, const struct text *path, const xmlNode *element)
{
    struct text content = {0};
    size_t blank;

    for (const xmlNode *node = element->children; node != NULL; node = node->next) {
        if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
            text_append(&content, (const char *)node->content);
    }
    text_trim(&content);
    blank = strspn(text_string(&content), " \t\r\n");
    if (text_string(&content)[blank] != '\0')
        add_fact(facts, text_string(path), text_string(&content) + blank);
    text_free(&content);
}

/* One beside it of the same name: those of a list stand side by side. */
static bool has_sibling(xmlNode *element)
{
    const xmlNode *before = xmlPreviousElementSibling(element);
    const xmlNode *after = xmlNextElementSibling(element);

    return (before != NULL && xmlStrcmp(before->name, element->name) == 0) ||
           (after != NULL && xmlStrcmp(after->name, element->name) == 0);
}

static void append_name(struct text *path, xmlNode *element, size_t place)
{
    xmlChar *name = xmlGetNoNsProp(element, BAD_CAST "name");

    if (name == NULL)
        name = xmlGetNoNsProp(element, BAD_CAST "type");
    text_appendf(path, "%s%s", path->length > 0 ? "/" : "", (const char *)element->name);
    if (name != NULL)
        text_appendf(path, "[%s]", (const char *)name);
    else if (has_sibling(element))
        text_appendf(path, "[%zu]", place);
    xmlFree(name);
}

static void add_children(struct xml_facts *facts, struct text *path, xmlNode *parent)
{
    size_t length = path->length;
    size_t place = 0;

    for (xmlNode *node = parent->children; node != NULL; node = node->next) {
        if (node->type != XML_ELEMENT_NODE || xmlStrcmp(node->name, BAD_CAST "description") == 0)
            continue;
        append_name(path, node, ++place);
        add_attributes(facts, path, node);
        add_content(facts, path, node);
        add_children(facts, path, node); /* the parser allows 256 elements within one another */
        path->length = length;
        if (path->bytes != NULL)
            path->bytes[length] = '\0';
    }
}

static int compare_facts(const void *left, const void *right)
{
    const struct xml_fact *one = left;
    const struct xml_fact *other = right;

    int order = strcmp(one->path, other->path);

    return order != 0 ? order : strcmp(one->value, other->value);
}

void xml_facts_read(const char *xml, struct xml_facts *facts)
{
    size_t length = strlen(xml);
    struct text path = {0};
    xmlDoc *document;

    memset(facts, 0, sizeof *facts);
    if (length == 0 || length > INT_MAX)
        return;
    document = xmlReadMemory(xml, (int)length, "file.xml", NULL,
                             XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (document == NULL)
        return;
    add_children(facts, &path, xmlDocGetRootElement(document));
    if (facts->count > 0)
        qsort(facts->items, facts->count, sizeof *facts->items, compare_facts);
    text_free(&path);
    xmlFreeDoc(document);
}

void xml_facts_free(struct xml_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        free(facts->items[i].path);
        free(facts->items[i].value);
    }
    free(facts->items);
    memset(facts, 0, sizeof *facts);
}
