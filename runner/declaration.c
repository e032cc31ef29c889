#include "runner/declaration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

struct declarations {
    struct xml_document *schema;
    struct xml_document *types; /* quantities.xsd */
};

struct declarations *declarations_read(const char *path, xml_report *report, void *context)
{
    struct declarations *declarations = memory_new(1, sizeof *declarations);
    char *types = path_beside(path, "quantities.xsd");

    declarations->schema = xml_read(path, XML_OURS, report, context);
    declarations->types = xml_read(types, XML_OURS, report, context);
    free(types);
    if (declarations->schema == NULL || declarations->types == NULL) {
        declarations_free(declarations);
        return NULL;
    }
    return declarations;
}

void declarations_free(struct declarations *declarations)
{
    if (declarations == NULL)
        return;
    xml_free(declarations->schema);
    xml_free(declarations->types);
    free(declarations);
}

static bool is_called(const xmlNode *node, const char *name)
{
    return strcmp(xml_name(node), name) == 0;
}

/* Copies an attribute's value, cut to size; "" if it isn't there. */
static void copy_attribute(const xmlNode *node, const char *name, char *buffer, size_t size)
{
    xmlChar *value = xmlGetNoNsProp(node, BAD_CAST name);

    snprintf(buffer, size, "%s", value != NULL ? (const char *)value : "");
    xmlFree(value);
}

static bool attribute_is(const xmlNode *node, const char *name, const char *expected)
{
    char value[160];

    copy_attribute(node, name, value, sizeof value);
    return strcmp(value, expected) == 0;
}

/* The child element called `tag` whose attribute `name` is `value` (NULL: whatever it is). */
static xmlNode *find_child(const xmlNode *parent, const char *tag, const char *value)
{
    for (xmlNode *node = xml_element(parent->children); node != NULL;
         node = xml_element(node->next)) {
        if (is_called(node, tag) && (value == NULL || attribute_is(node, "name", value)))
            return node;
    }
    return NULL;
}

/* The declaration's type: written inside it, or named and then found at the top of a schema. */
static const xmlNode *type_of(const struct declarations *declarations, const xmlNode *declaration,
                              const char *tag)
{
    const xmlNode *type = find_child(declaration, tag, NULL);
    char name[32];

    if (type != NULL)
        return type;
    copy_attribute(declaration, "type", name, sizeof name);
    type = find_child(xml_root(declarations->schema), tag, name);
    return type != NULL ? type : find_child(xml_root(declarations->types), tag, name);
}

/* The list of element declarations in a declaration's complex type: xs:all, and so on. */
static const xmlNode *group_of(const struct declarations *declarations, const xmlNode *declaration)
{
    const xmlNode *type = type_of(declarations, declaration, "complexType");

    if (type == NULL)
        return NULL;
    for (xmlNode *node = xml_element(type->children); node != NULL;
         node = xml_element(node->next)) {
        if (is_called(node, "all") || is_called(node, "sequence") || is_called(node, "choice"))
            return node;
    }
    return NULL;
}

const xmlNode *declaration_of(const struct declarations *declarations, const xmlNode *element)
{
    const xmlNode *parent = element->parent;
    const xmlNode *within;

    if (parent == NULL || parent->type != XML_ELEMENT_NODE)
        return find_child(xml_root(declarations->schema), "element", xml_name(element));
    within = declaration_of(declarations, parent);
    within = within != NULL ? group_of(declarations, within) : NULL;
    return within != NULL ? find_child(within, "element", xml_name(element)) : NULL;
}

static void add_name(struct declared_names *names, const xmlNode *node, const char *attribute)
{
    char name[64];

    copy_attribute(node, attribute, name, sizeof name);
    if (names->count < MOST_DECLARED)
        names->items[names->count++] = memory_string(name);
}

void declared_names_free(struct declared_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        free((char *)names->items[i]);
    names->count = 0;
}

void declared_attributes(const struct declarations *declarations, const xmlNode *declaration,
                         bool only_required, struct declared_names *names)
{
    const xmlNode *type = type_of(declarations, declaration, "complexType");

    names->count = 0;
    if (type == NULL)
        return;
    for (xmlNode *node = xml_element(type->children); node != NULL;
         node = xml_element(node->next)) {
        if (is_called(node, "attribute") &&
            (!only_required || attribute_is(node, "use", "required")))
            add_name(names, node, "name");
    }
}

void declared_elements(const struct declarations *declarations, const xmlNode *declaration,
                       bool only_required, struct declared_names *names)
{
    const xmlNode *group = group_of(declarations, declaration);

    names->count = 0;
    if (group == NULL || (only_required && is_called(group, "choice")))
        return;
    for (xmlNode *node = xml_element(group->children); node != NULL;
         node = xml_element(node->next)) {
        if (!only_required || !attribute_is(node, "minOccurs", "0"))
            add_name(names, node, "name");
    }
}

bool declared_once(const struct declarations *declarations, const xmlNode *declaration)
{
    const xmlNode *group = group_of(declarations, declaration);

    return group != NULL && is_called(group, "all");
}

/* Fills in what a simple type restricts a value to. */
static void read_restriction(const xmlNode *type, struct declared_value *value)
{
    const xmlNode *annotation = find_child(type, "annotation", NULL);
    const xmlNode *restriction = find_child(type, "restriction", NULL);

    if (annotation != NULL) {
        xmlChar *words = xmlNodeGetContent(annotation);

        snprintf(value->words, sizeof value->words, "%s", words != NULL ? (const char *)words : "");
        xmlFree(words);
    }
    if (restriction == NULL)
        return;
    for (xmlNode *facet = xml_element(restriction->children); facet != NULL;
         facet = xml_element(facet->next)) {
        if (is_called(facet, "enumeration"))
            add_name(&value->allowed, facet, "value");
        else if (is_called(facet, "pattern"))
            copy_attribute(facet, "value", value->pattern, sizeof value->pattern);
    }
}

void declared_value(const struct declarations *declarations, const xmlNode *declaration,
                    const char *attribute, struct declared_value *value)
{
    const xmlNode *type = type_of(declarations, declaration, "complexType");
    const xmlNode *declared = type != NULL ? find_child(type, "attribute", attribute) : NULL;

    memset(value, 0, sizeof *value);
    if (declared == NULL)
        return;
    copy_attribute(declared, "type", value->type, sizeof value->type);
    type = type_of(declarations, declared, "simpleType");
    if (type != NULL)
        read_restriction(type, value);
}
