#include "runner/element.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/findings.h"

bool element_is(struct element element, const char *name)
{
    return element.node != NULL && strcmp(xml_name(element.node), name) == 0;
}

static struct element find(struct element element, const char *name)
{
    element.node = xml_element(element.node);
    while (element.node != NULL && strcmp(xml_name(element.node), name) != 0)
        element.node = xml_element(element.node->next);
    return element;
}

struct element element_child(struct element parent, const char *name)
{
    struct element child = {.node = parent.node != NULL ? parent.node->children : NULL,
                            .findings = parent.findings};

    return find(child, name);
}

struct element element_next(struct element element)
{
    struct element next = {.node = element.node->next, .findings = element.findings};

    return find(next, xml_name(element.node));
}

char *element_attribute(struct element element, const char *name)
{
    xmlChar *value =
        element.node != NULL ? xmlGetNoNsProp(element.node, (const xmlChar *)name) : NULL;
    char *copy = memory_string((const char *)value);

    xmlFree(value);
    return copy;
}

char *element_text(struct element element, const char *name, const char *otherwise)
{
    char *value = element_attribute(element, name);

    return value != NULL ? value : memory_string(otherwise);
}

void element_quantity(struct element element, const char *name, enum quantity_kind kind,
                      double *value)
{
    char *text = element_attribute(element, name);
    struct error error;
    double number;

    if (text == NULL)
        return;
    if (quantity_read(kind, text, &number, &error) == 0)
        *value = number;
    else
        element_finding(element, name, error.hint, "%s", error.what);
    free(text);
}

void element_duration(struct element element, const char *name, int64_t *duration)
{
    double value = (double)*duration;

    element_quantity(element, name, QUANTITY_DURATION, &value);
    *duration = (int64_t)value;
}

void element_number(struct element element, const char *name, uint64_t *value)
{
    char *text = element_attribute(element, name);

    /* The schema says of which digits it is made and how many there may be. */
    if (text != NULL && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 18)
        *value = strtoull(text, NULL, 10);
    free(text);
}

void element_finding(struct element element, const char *attribute, const char *hint,
                     const char *format, ...)
{
    va_list arguments;
    char what[640];

    if (element.node == NULL || findings_are_full(element.findings))
        return;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    findings_add(element.findings, xml_file(element.node), xml_line(element.node, attribute),
                 xml_name(element.node), what, hint);
}

void element_unknown(struct element element, const char *attribute, const char *what,
                     const char *name, const char *const *known, size_t count)
{
    struct text hint = {0};

    hint_append_names(&hint, "known", name, known, count);
    element_finding(element, attribute, text_string(&hint), "unknown %s \"%.60s\"", what, name);
    text_free(&hint);
}
