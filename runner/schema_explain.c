#include "runner/schema_explain.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "runner/findings.h"

/* The error that is being explained, and what is said of it. */
struct subject {
    struct explanation *explanation;
    xmlNode *element;
    const xmlNode *declaration; /* of the element; NULL if there is none */
    const char *value;          /* libxml2's first word on it: an attribute's name or value */
    struct text what;
    struct text hint;
};

/* Adds the finding that the subject's texts make, and empties them. */
static void say(struct subject *subject, const xmlNode *element, const char *attribute)
{
    findings_add(subject->explanation->findings, xml_file(element), xml_line(element, attribute),
                 xml_name(element), text_string(&subject->what), text_string(&subject->hint));
    text_clear(&subject->what);
    text_clear(&subject->hint);
}

static void explain_unknown_attribute(struct subject *subject)
{
    struct declared_names names;

    text_appendf(&subject->what, "attribute \"%.60s\" is not allowed in <%s>", subject->value,
                 xml_name(subject->element));
    declared_attributes(subject->explanation->declarations, subject->declaration, false, &names);
    hint_append_names(&subject->hint, "allowed", subject->value, names.items, names.count);
    declared_names_free(&names);
    say(subject, subject->element, subject->value);
}

static void append_value(struct text *text, const struct declared_value *value)
{
    for (size_t i = 0; i < value->allowed.count; i++)
        text_appendf(text, "%s%s", i == 0 ? "allowed: " : ", ", value->allowed.items[i]);
    if (value->words[0] != '\0')
        text_appendf(text, "it is %s", value->words);
}

static void explain_missing_attribute(struct subject *subject)
{
    struct declared_value value;

    text_appendf(&subject->what, "attribute \"%s\" is missing in <%s>", subject->value,
                 xml_name(subject->element));
    declared_value(subject->explanation->declarations, subject->declaration, subject->value,
                   &value);
    append_value(&subject->hint, &value);
    declared_names_free(&value.allowed);
    say(subject, subject->element, NULL);
}

static const struct {
    const char *type;
    enum quantity_kind kind;
} quantity_types[] = {
    {"duration", QUANTITY_DURATION},
    {"share", QUANTITY_SHARE},
    {"rate", QUANTITY_RATE},
    {"subscribers", QUANTITY_SUBSCRIBERS},
};

/* Says what base/quantity says of the value. False if it isn't a quantity or finds it good. */
static bool explain_quantity(struct subject *subject, const struct declared_value *value,
                             const char *text)
{
    struct error error;
    double number;

    for (size_t i = 0; i < sizeof quantity_types / sizeof quantity_types[0]; i++) {
        if (strcmp(quantity_types[i].type, value->type) != 0)
            continue;
        if (quantity_read(quantity_types[i].kind, text, &number, &error) == 0)
            return false;
        text_append(&subject->what, error.what);
        text_append(&subject->hint, error.hint);
        return true;
    }
    return false;
}

/* True if the value is one of those that the type lists. */
static bool is_listed(const struct declared_value *value, const char *text)
{
    for (size_t i = 0; i < value->allowed.count; i++) {
        if (strcmp(value->allowed.items[i], text) == 0)
            return true;
    }
    return false;
}

/* One attribute whose value a pattern or a list of values refuses. */
static void explain_attribute_value(struct subject *subject, const char *attribute,
                                    const char *text, const struct declared_value *value)
{
    if (!explain_quantity(subject, value, text)) {
        text_appendf(&subject->what, "%s=\"%.60s\" is not allowed in <%s>", attribute, text,
                     xml_name(subject->element));
        if (value->allowed.count > 0)
            hint_append_names(&subject->hint, "allowed", text, value->allowed.items,
                              value->allowed.count);
        else
            append_value(&subject->hint, value);
    }
    say(subject, subject->element, attribute);
}

/* libxml2 doesn't name the attribute: it is one of that value whose type is so restricted. */
static bool explain_value(struct subject *subject, const char *restriction)
{
    bool any = false;

    for (const xmlAttr *attribute = subject->element->properties; attribute != NULL;
         attribute = attribute->next) {
        const char *name = (const char *)attribute->name;
        xmlChar *text = xmlGetNoNsProp(subject->element, BAD_CAST name);
        struct declared_value value;

        if (text != NULL && strcmp((const char *)text, subject->value) == 0) {
            declared_value(subject->explanation->declarations, subject->declaration, name, &value);
            if (value.allowed.count > 0 ? !is_listed(&value, (const char *)text)
                                        : strcmp(value.pattern, restriction) == 0) {
                explain_attribute_value(subject, name, (const char *)text, &value);
                any = true;
            }
            declared_names_free(&value.allowed);
        }
        xmlFree(text);
    }
    return any;
}

static void misplace(struct explanation *explanation, xmlNode *element)
{
    for (size_t i = 0; i < explanation->misplaced_count; i++) {
        if (explanation->misplaced[i] == element)
            return;
    }
    explanation->misplaced = memory_grow(explanation->misplaced, explanation->misplaced_count,
                                         &explanation->misplaced_capacity, sizeof(xmlNode *));
    explanation->misplaced[explanation->misplaced_count++] = element;
}

/* The sibling of the same name before the element, or NULL. */
static const xmlNode *earlier_twin(const xmlNode *element)
{
    for (xmlNode *other = xml_element(element->parent->children); other != element;
         other = xml_element(other->next)) {
        if (strcmp(xml_name(other), xml_name(element)) == 0)
            return other;
    }
    return NULL;
}

/* Reports the element if its parent allows none of its name, or has one already. */
static bool explain_misplaced(struct subject *subject, xmlNode *element)
{
    const struct declarations *declarations = subject->explanation->declarations;
    const xmlNode *parent = declaration_of(declarations, element->parent);
    const xmlNode *declaration = declaration_of(declarations, element);
    const xmlNode *twin = NULL;

    if (parent == NULL || element->parent->parent == NULL)
        return false;
    if (declaration != NULL && declared_once(declarations, parent))
        twin = earlier_twin(element);
    if (declaration != NULL && twin == NULL)
        return false;
    if (twin != NULL) {
        text_appendf(&subject->what, "<%s> is there already, on line %d", xml_name(element),
                     xml_line(twin, NULL));
    } else {
        struct declared_names names;

        text_appendf(&subject->what, "<%.60s> is not allowed in <%s>", xml_name(element),
                     xml_name(element->parent));
        declared_elements(declarations, parent, false, &names);
        hint_append_names(&subject->hint, "allowed", xml_name(element), names.items, names.count);
        declared_names_free(&names);
    }
    misplace(subject->explanation, element);
    say(subject, element, NULL);
    return true;
}

static bool has_child(const xmlNode *element, const char *name)
{
    for (xmlNode *child = xml_element(element->children); child != NULL;
         child = xml_element(child->next)) {
        if (strcmp(xml_name(child), name) == 0)
            return true;
    }
    return false;
}

/* Reports the elements that must be within the element and aren't. */
static bool explain_missing(struct subject *subject)
{
    struct declared_names names;
    bool any = false;

    declared_elements(subject->explanation->declarations, subject->declaration, true, &names);
    for (size_t i = 0; i < names.count; i++) {
        if (has_child(subject->element, names.items[i]))
            continue;
        text_appendf(&subject->what, "<%s> is missing in <%s>", names.items[i],
                     xml_name(subject->element));
        say(subject, subject->element, NULL);
        any = true;
    }
    declared_names_free(&names);
    return any;
}

/* Elements out of place or missing, and text where none may be. */
static bool explain_content(struct subject *subject)
{
    bool any = false;
    bool is_missing = false;

    for (xmlNode *child = xml_element(subject->element->children); child != NULL;
         child = xml_element(child->next))
        any = explain_misplaced(subject, child) || any;
    if (subject->element->parent->type == XML_ELEMENT_NODE) {
        for (xmlNode *child = xml_element(subject->element->parent->children); child != NULL;
             child = xml_element(child->next))
            any = explain_misplaced(subject, child) || any;
    }
    if (!any && subject->declaration != NULL)
        is_missing = explain_missing(subject);
    return any || is_missing;
}

static bool explain_text(struct subject *subject)
{
    text_appendf(&subject->what, "text is not allowed in <%s>", xml_name(subject->element));
    say(subject, subject->element, NULL);
    return true;
}

/* What is left: libxml2's own words, without namespaces. */
static void explain_by_message(struct subject *subject, const char *message)
{
    for (; *message != '\0'; message++) {
        const char *end = *message == '{' ? strchr(message, '}') : NULL;

        if (end != NULL)
            message = end;
        else
            text_append_bytes(&subject->what, message, 1);
    }
    text_trim(&subject->what);
    say(subject, subject->element, NULL);
}

static void explain(struct subject *subject, const xmlError *error)
{
    const char *restriction = error->str2 != NULL ? error->str2 : "";
    bool is_explained = false;

    switch (error->code) {
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2:
        explain_unknown_attribute(subject);
        return;
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_4:
        explain_missing_attribute(subject);
        return;
    case XML_SCHEMAV_CVC_PATTERN_VALID:
    case XML_SCHEMAV_CVC_ENUMERATION_VALID:
        is_explained = explain_value(subject, restriction);
        break;
    case XML_SCHEMAV_ELEMENT_CONTENT:
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1:
        is_explained = explain_content(subject);
        break;
    case XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3:
        is_explained = explain_text(subject);
        break;
    default:
        break;
    }
    if (!is_explained)
        explain_by_message(subject, error->message);
}

void schema_explain(void *context, xmlError *error)
{
    struct explanation *explanation = context;
    struct subject subject = {.explanation = explanation, .element = error->node};

    if (subject.element == NULL || subject.element->type != XML_ELEMENT_NODE ||
        findings_are_full(explanation->findings))
        return;
    subject.declaration = declaration_of(explanation->declarations, subject.element);
    subject.value = error->str1 != NULL ? error->str1 : "";
    if (subject.declaration == NULL && error->code != XML_SCHEMAV_ELEMENT_CONTENT)
        return;
    explain(&subject, error);
    text_free(&subject.what);
    text_free(&subject.hint);
}
