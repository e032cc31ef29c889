#include "runner/vsphere_element.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char instance_namespace[] = "http://www.w3.org/2001/XMLSchema-instance";

static bool is_named(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           strcmp((const char *)node->name, name) == 0 &&
           strcmp((const char *)node->ns->href, VSPHERE_NAMESPACE) == 0;
}

static const xmlNode *first_named(const xmlNode *node, const char *name)
{
    while (node != NULL && !is_named(node, name))
        node = node->next;
    return node;
}

const xmlNode *vsphere_child(const xmlNode *parent, const char *name)
{
    return parent == NULL ? NULL : first_named(parent->children, name);
}

const xmlNode *vsphere_next(const xmlNode *element, const char *name)
{
    return first_named(element->next, name);
}

const char *vsphere_string(const xmlNode *element)
{
    const xmlNode *text = element == NULL ? NULL : element->children;

    if (element == NULL)
        return NULL;
    if (text == NULL)
        return "";
    if (text->type != XML_TEXT_NODE || text->next != NULL)
        return NULL;
    return text->content != NULL ? (const char *)text->content : "";
}

const char *vsphere_child_string(const xmlNode *parent, const char *name)
{
    return vsphere_string(vsphere_child(parent, name));
}

bool vsphere_copy(const xmlNode *element, char *buffer, size_t size)
{
    const char *string = vsphere_string(element);
    size_t length = string != NULL ? strlen(string) : size;

    buffer[0] = '\0';
    if (length >= size)
        return false;
    memcpy(buffer, string, length + 1);
    return true;
}

bool vsphere_number(const xmlNode *element, int64_t least, int64_t most, int64_t *number)
{
    const char *string = vsphere_string(element);
    char *end;
    long long value;

    if (string == NULL || string[0] == '\0')
        return false;
    errno = 0;
    value = strtoll(string, &end, 10);
    if (errno != 0 || *end != '\0' || value < least || value > most)
        return false;
    *number = value;
    return true;
}

bool vsphere_type_is(const xmlNode *element, const char *type)
{
    xmlChar *value = xmlGetNsProp(element, BAD_CAST "type", BAD_CAST instance_namespace);
    const char *name = (const char *)value;
    const char *colon = name != NULL ? strchr(name, ':') : NULL;
    bool is_it = name != NULL && strcmp(colon != NULL ? colon + 1 : name, type) == 0;

    xmlFree(value);
    return is_it;
}

bool vsphere_reference_read(const xmlNode *element, struct vsphere_reference *reference)
{
    xmlChar *type = element != NULL ? xmlGetNoNsProp(element, BAD_CAST "type") : NULL;
    bool is_whole = type != NULL && type[0] != '\0' &&
                    strlen((const char *)type) < sizeof reference->type &&
                    vsphere_copy(element, reference->value, sizeof reference->value) &&
                    reference->value[0] != '\0';

    if (is_whole)
        memcpy(reference->type, type, strlen((const char *)type) + 1);
    else
        *reference = (struct vsphere_reference){0};
    xmlFree(type);
    return is_whole;
}

bool vsphere_reference_is(const struct vsphere_reference *one,
                          const struct vsphere_reference *other)
{
    return strcmp(one->value, other->value) == 0 && strcmp(one->type, other->type) == 0;
}
