#include "base/xml_file.h"

#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/memory.h"

/* What the parser's callbacks work on. */
struct parse {
    struct xml_source *source;
    size_t capacity; /* of the source's places */
    bool is_foreign;
    xml_report *report;
    void *context;
    bool has_failed;
};

/* Reports the first thing wrong and stops the parser: what follows is seldom of use. */
static void fail(xmlParserCtxt *parser, int line, const char *what, const char *hint)
{
    struct parse *parse = parser->_private;

    if (parse->has_failed)
        return;
    parse->has_failed = true;
    parse->report(parse->context, parse->source->path, line > 0 ? line : 1, "", what, hint);
    xmlStopParser(parser);
}

static void on_error(void *data, xmlError *error)
{
    struct text what = {0};

    if (error->level < XML_ERR_ERROR)
        return;
    text_append(&what, "not well-formed XML: ");
    text_append(&what, error->message != NULL ? error->message : "unknown error");
    text_trim(&what);
    fail(data, error->line, text_string(&what), "");
    text_free(&what);
}

/* For what libxml2 says outside of any parser, on an encoding it can't convert say: a parser's
 * error follows from it, and nothing may be printed. */
static void ignore_error(void *data, xmlError *error)
{
    (void)data;
    (void)error;
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *public_id,
                       const xmlChar *system_id)
{
    xmlParserCtxt *parser = data;
    const struct parse *parse = parser->_private;

    (void)name;
    (void)public_id;
    (void)system_id;
    if (!parse->is_foreign)
        fail(parser, xmlSAX2GetLineNumber(parser), "a DOCTYPE is not allowed",
             "the file is checked by its XML Schema; take the DOCTYPE away");
}

static void on_entity(void *data, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    (void)name;
    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
    fail(data, xmlSAX2GetLineNumber(data), "entity declarations are not allowed", "");
}

/*
 * Notes where the start tag begins that the parser has just read: at the last '<', since no
 * attribute's value holds one. Not known where the parser works on another encoding's bytes.
 */
static void note_place(struct parse *parse, const xmlParserCtxt *parser)
{
    struct xml_source *source = parse->source;
    const xmlParserInput *input = parser->input;
    const char *bytes = text_string(&source->text);
    size_t end = input->consumed + (size_t)(input->cur - input->base);
    struct xml_place place = {.source = source, .line = input->line};

    if (input->buf != NULL && input->buf->encoder == NULL && end <= source->text.length) {
        while (end > 0 && bytes[end - 1] != '<') {
            end--;
            place.line -= bytes[end] == '\n';
        }
        place.tag = end > 0 ? bytes + end - 1 : NULL;
    }
    source->places =
        memory_grow(source->places, source->place_count, &parse->capacity, sizeof place);
    source->places[source->place_count++] = place;
}

static void on_element(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                       int namespace_count, const xmlChar **namespaces, int attribute_count,
                       int default_count, const xmlChar **attributes)
{
    xmlParserCtxt *parser = data;

    if (parser->nodeNr >= XML_DEPTH_LIMIT) {
        fail(parser, xmlSAX2GetLineNumber(parser), "elements are nested too deeply", "");
        return;
    }
    if (attribute_count > XML_ATTRIBUTE_LIMIT) {
        fail(parser, xmlSAX2GetLineNumber(parser), "an element has too many attributes", "");
        return;
    }
    note_place(parser->_private, parser);
    xmlSAX2StartElementNs(data, name, prefix, uri, namespace_count, namespaces, attribute_count,
                          default_count, attributes);
}

static xmlDoc *parse_source(struct parse *parse)
{
    /* Without a dictionary an element can be moved from one tree into another. */
    int options = XML_PARSE_NONET | XML_PARSE_NODICT | XML_PARSE_NOCDATA;
    xmlParserCtxt *parser = xmlNewParserCtxt();
    const struct text *text = &parse->source->text;
    xmlDoc *tree;

    if (parser == NULL)
        abort();
    parser->_private = parse;
    parser->sax->serror = on_error;
    parser->sax->internalSubset = on_doctype;
    parser->sax->entityDecl = on_entity;
    parser->sax->startElementNs = on_element;
    xmlSetStructuredErrorFunc(NULL, ignore_error);
    tree = xmlCtxtReadMemory(parser, text_string(text), (int)text->length, parse->source->path,
                             NULL, options);
    xmlFreeParserCtxt(parser);
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (!parse->has_failed && (tree == NULL || xmlDocGetRootElement(tree) == NULL)) {
        parse->has_failed = true;
        parse->report(parse->context, parse->source->path, 1, "", "not well-formed XML", "");
    }
    if (parse->has_failed) {
        xmlFreeDoc(tree);
        return NULL;
    }
    return tree;
}

/*
 * False if some start tag may be longer than XML_TAG_LIMIT: libxml2 compares each attribute's name
 * with all before it. Tags hold no '<', so the stretches between them bound their length.
 */
static bool tags_are_short(const struct text *text)
{
    const char *at = text_string(text);
    const char *end = at + text->length;

    while (at < end) {
        const char *next = memchr(at + 1, '<', (size_t)(end - at) - 1);

        if ((size_t)((next != NULL ? next : end) - at) > XML_TAG_LIMIT)
            return false;
        at = next != NULL ? next : end;
    }
    return true;
}

struct xml_source *xml_source_read(const char *path, bool is_foreign, xml_report *report,
                                   void *context)
{
    struct xml_source *source = memory_new(1, sizeof *source);
    struct parse parse = {
        .source = source, .is_foreign = is_foreign, .report = report, .context = context};
    struct error error;
    struct stat status;

    source->path = memory_string(path);
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        report(context, path, 0, "", "this is a folder, not a file", "");
    } else if (file_read(path, XML_FILE_LIMIT, &source->text, &error) < 0) {
        report(context, path, 0, "", error.what, error.hint);
    } else if (!tags_are_short(&source->text)) {
        report(context, path, 1, "", "a tag or a text is too long", "");
    } else {
        if (stat(path, &status) == 0) {
            source->device = status.st_dev;
            source->inode = status.st_ino;
        }
        source->tree = parse_source(&parse);
    }
    if (source->tree == NULL) {
        xml_source_free(source);
        return NULL;
    }
    return source;
}

void xml_source_free(struct xml_source *source)
{
    xmlFreeDoc(source->tree);
    text_free(&source->text);
    free(source->places);
    free(source->path);
    free(source);
}
