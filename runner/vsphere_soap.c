#include "runner/vsphere_soap.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "runner/vsphere_element.h"

static const char envelope_namespace[] = "http://schemas.xmlsoap.org/soap/envelope/";

static void append_escaped(struct text *request, const char *value)
{
    for (; *value != '\0'; value++) {
        switch (*value) {
        case '&':
            text_append(request, "&amp;");
            break;
        case '<':
            text_append(request, "&lt;");
            break;
        case '>':
            text_append(request, "&gt;");
            break;
        case '"':
            text_append(request, "&quot;");
            break;
        case '\r': /* would be read as a line feed */
            text_append(request, "&#13;");
            break;
        default:
            text_append_bytes(request, value, 1);
        }
    }
}

void soap_begin(struct text *request, const char *operation, const struct vsphere_reference *self)
{
    text_clear(request);
    text_appendf(request,
                 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                 "<soapenv:Envelope xmlns:soapenv=\"%s\""
                 " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
                 "<soapenv:Body><%s xmlns=\"%s\">",
                 envelope_namespace, operation, VSPHERE_NAMESPACE);
    soap_reference_element(request, "_this", self);
}

void soap_end(struct text *request, const char *operation)
{
    text_appendf(request, "</%s></soapenv:Body></soapenv:Envelope>\n", operation);
}

void soap_element(struct text *request, const char *name, const char *value)
{
    text_appendf(request, "<%s>", name);
    append_escaped(request, value);
    text_appendf(request, "</%s>", name);
}

void soap_number_element(struct text *request, const char *name, long long value)
{
    text_appendf(request, "<%s>%lld</%s>", name, value, name);
}

void soap_reference_element(struct text *request, const char *name,
                            const struct vsphere_reference *reference)
{
    text_appendf(request, "<%s type=\"", name);
    append_escaped(request, reference->type);
    text_append(request, "\">");
    append_escaped(request, reference->value);
    text_appendf(request, "</%s>", name);
}

/* What the parser's callbacks work on. */
struct parse {
    struct error *error;
    size_t elements;
};

/* The first thing wrong, which stops the parser. */
static void fail(xmlParserCtxt *parser, const char *what)
{
    const struct parse *parse = parser->_private;
    struct error *error = parse->error;

    if (error->kind != ERROR_NONE)
        return;
    error_set(error, ERROR_UNREACHABLE, "the answer is not SOAP: line %d: %s",
              xmlSAX2GetLineNumber(parser), what);
    xmlStopParser(parser);
}

static void on_error(void *data, xmlError *error)
{
    struct text what = {0};

    if (error->level < XML_ERR_ERROR)
        return;
    text_append(&what, error->message != NULL ? error->message : "unknown error");
    text_trim(&what);
    fail(data, text_string(&what));
    text_free(&what);
}

static void ignore_error(void *data, xmlError *error)
{
    (void)data;
    (void)error;
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    fail(data, "a DOCTYPE is not allowed");
}

static void on_element(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                       int namespace_count, const xmlChar **namespaces, int attribute_count,
                       int default_count, const xmlChar **attributes)
{
    xmlParserCtxt *parser = data;
    struct parse *parse = parser->_private;

    if (++parse->elements > SOAP_ELEMENT_LIMIT) {
        fail(parser, "there are too many elements");
        return;
    }
    if (parser->nodeNr >= SOAP_DEPTH_LIMIT) {
        fail(parser, "elements are nested too deeply");
        return;
    }
    if (attribute_count > 16 || namespace_count > 16) {
        fail(parser, "an element has too many attributes");
        return;
    }
    xmlSAX2StartElementNs(data, name, prefix, uri, namespace_count, namespaces, attribute_count,
                          default_count, attributes);
}

static xmlDoc *parse_tree(const char *bytes, size_t length, struct error *error)
{
    int options = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_COMPACT;
    xmlParserCtxt *parser = xmlNewParserCtxt();
    struct parse parse = {.error = error};
    xmlDoc *tree;

    if (parser == NULL)
        abort();
    error_clear(error);
    parser->_private = &parse;
    parser->sax->serror = on_error;
    parser->sax->internalSubset = on_doctype;
    parser->sax->startElementNs = on_element;
    /* What libxml2 says outside of any parser: the parser's own error follows from it. */
    xmlSetStructuredErrorFunc(NULL, ignore_error);
    tree = xmlCtxtReadMemory(parser, bytes, (int)length, "", NULL, options);
    xmlFreeParserCtxt(parser);
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (error->kind == ERROR_NONE && (tree == NULL || xmlDocGetRootElement(tree) == NULL))
        error_set(error, ERROR_UNREACHABLE, "the answer is not SOAP: it is no XML");
    if (error->kind != ERROR_NONE) {
        xmlFreeDoc(tree);
        return NULL;
    }
    return tree;
}

static bool is_of_envelope(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns != NULL &&
           strcmp((const char *)node->name, name) == 0 &&
           strcmp((const char *)node->ns->href, envelope_namespace) == 0;
}

static const xmlNode *child_of_envelope(const xmlNode *parent, const char *name)
{
    const xmlNode *node = parent->children;

    while (node != NULL && !is_of_envelope(node, name))
        node = node->next;
    return node;
}

/* A child of the fault, which SOAP 1.1 has in no namespace. */
static const xmlNode *fault_part(const xmlNode *fault, const char *name)
{
    const xmlNode *node = fault->children;

    while (node != NULL &&
           (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, name) != 0))
        node = node->next;
    return node;
}

/* The element in the detail is named after the fault's type, with 'Fault' at the end. */
static void read_fault_name(const xmlNode *detail, struct soap_fault *fault)
{
    const char *name = (const char *)detail->name;
    size_t length = strlen(name);

    if (length > 5 && strcmp(name + length - 5, "Fault") == 0)
        length -= 5;
    if (length < sizeof fault->name) {
        memcpy(fault->name, name, length);
        fault->name[length] = '\0';
    }
}

static void read_fault(const xmlNode *element, struct soap_fault *fault)
{
    const xmlNode *detail = fault_part(element, "detail");
    const xmlNode *text = fault_part(element, "faultstring");
    const char *string = vsphere_string(text);

    if (string != NULL)
        snprintf(fault->text, sizeof fault->text, "%s", string);
    detail = detail == NULL ? NULL : detail->children;
    while (detail != NULL && detail->type != XML_ELEMENT_NODE)
        detail = detail->next;
    if (detail != NULL) {
        read_fault_name(detail, fault);
        vsphere_reference_read(vsphere_child(detail, "obj"), &fault->object);
    }
    if (fault->name[0] == '\0')
        snprintf(fault->name, sizeof fault->name, "unknown");
}

int soap_parse(const char *bytes, size_t length, const char *operation, struct soap_answer *answer,
               struct error *error)
{
    const xmlNode *root;
    const xmlNode *body;
    const xmlNode *fault;
    struct text name = {0};

    *answer = (struct soap_answer){0};
    if (length == 0 || length > INT_MAX)
        return error_set(error, ERROR_UNREACHABLE, "the answer is not SOAP: it is %s",
                         length == 0 ? "empty" : "too long");
    answer->tree = parse_tree(bytes, length, error);
    if (answer->tree == NULL)
        return -1;
    root = xmlDocGetRootElement(answer->tree);
    body = is_of_envelope(root, "Envelope") ? child_of_envelope(root, "Body") : NULL;
    if (body == NULL)
        return error_set(error, ERROR_UNREACHABLE,
                         "the answer is not SOAP: its root element is <%.60s>",
                         (const char *)root->name);
    fault = child_of_envelope(body, "Fault");
    if (fault != NULL) {
        read_fault(fault, &answer->fault);
        return 0;
    }
    text_appendf(&name, "%sResponse", operation);
    answer->response = vsphere_child(body, text_string(&name));
    text_free(&name);
    if (answer->response == NULL)
        return error_set(error, ERROR_UNREACHABLE, "the answer is not one to %s", operation);
    return 0;
}

void soap_answer_free(struct soap_answer *answer)
{
    xmlFreeDoc(answer->tree);
    *answer = (struct soap_answer){0};
}
