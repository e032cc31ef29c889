#include "analysis/report_campaign.h"

#include <ctype.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* The units of the file's quantities (campaigns/schema/quantities.xsd). */
static const struct {
    const char *unit;
    double factor;
} units[] = {{"%", 0.01}, {"ms", 0.001}, {"s", 1}, {"min", 60}, {"h", 3600}};

/* The attribute's value in shares of 1 or seconds, or -1. */
static double read_quantity(xmlNode *element, const char *name)
{
    xmlChar *value = xmlGetProp(element, (const xmlChar *)name);
    double quantity = -1;

    if (value != NULL) {
        char *end;
        double number = strtod((const char *)value, &end);

        for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
            if (end != (char *)value && strcmp(end, units[i].unit) == 0)
                quantity = number * units[i].factor;
        }
    }
    xmlFree(value);
    return quantity;
}

/* The element's text with the white space of its lines evened out. */
static char *read_text(xmlNode *element)
{
    xmlChar *content = xmlNodeGetContent(element);
    struct text text = {0};

    for (const xmlChar *c = content; c != NULL && *c != '\0'; c++) {
        char letter = (char)*c;

        if (!isspace(*c))
            text_append_bytes(&text, &letter, 1);
        else if (text.length > 0 && text.bytes[text.length - 1] != ' ')
            text_append(&text, " ");
    }
    text_trim(&text);
    xmlFree(content);
    return text.bytes != NULL ? text.bytes : memory_string("");
}

static void read_element(xmlNode *node, struct report_campaign *campaign)
{
    const char *name = (const char *)node->name;

    if (strcmp(name, "service-level") == 0) {
        campaign->maximum_failure_share = read_quantity(node, "maximum-failures");
        campaign->maximum_response_time = read_quantity(node, "maximum-response-time");
    } else if (strcmp(name, "description") == 0) {
        free(campaign->description);
        campaign->description = read_text(node);
    }
}

/* NULL if it is no XML. */
static xmlDoc *read_document(const char *xml)
{
    size_t length = strlen(xml);

    if (length == 0 || length > INT_MAX)
        return NULL;
    return xmlReadMemory(xml, (int)length, "file.xml", NULL,
                         XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

void report_campaign_read(const char *xml, struct report_campaign *campaign)
{
    xmlDoc *document = read_document(xml);

    campaign->description = memory_string("");
    campaign->maximum_failure_share = -1;
    campaign->maximum_response_time = -1;
    if (document == NULL)
        return;
    for (xmlNode *node = xmlDocGetRootElement(document)->children; node != NULL;
         node = node->next) {
        if (node->type == XML_ELEMENT_NODE)
            read_element(node, campaign);
    }
    xmlFreeDoc(document);
}

void report_campaign_free(struct report_campaign *campaign)
{
    free(campaign->description);
    campaign->description = NULL;
}

char *report_testbed_name(const char *xml)
{
    xmlDoc *document = read_document(xml);
    xmlChar *name;
    char *copy;

    if (document == NULL)
        return NULL;
    name = xmlGetProp(xmlDocGetRootElement(document), (const xmlChar *)"name");
    copy = name != NULL && name[0] != '\0' ? memory_string((const char *)name) : NULL;
    xmlFree(name);
    xmlFreeDoc(document);
    return copy;
}
