#include "runner/schema.h"

#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/installation.h"
#include "base/memory.h"
#include "runner/declaration.h"
#include "runner/findings.h"
#include "runner/schema_explain.h"

enum { MOST_ROUNDS = 32 };

static void ignore_error(void *context, xmlError *error)
{
    (void)context;
    (void)error;
}

/* The schema as libxml2 has it; NULL if it can't be read. */
static xmlSchema *parse_schema(const char *path)
{
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(path);
    xmlSchema *schema = NULL;

    if (parser != NULL) {
        xmlSchemaSetParserStructuredErrors(parser, ignore_error, NULL);
        schema = xmlSchemaParse(parser);
        xmlSchemaFreeParserCtxt(parser);
    }
    return schema;
}

static bool root_is_right(const xmlNode *element, const char *root, const char *space,
                          struct findings *findings)
{
    struct text what = {0};
    struct text hint = {0};
    const char *found = element->ns != NULL ? (const char *)element->ns->href : "";
    bool is_right = strcmp(xml_name(element), root) == 0 && strcmp(found, space) == 0;

    if (!is_right) {
        if (strcmp(xml_name(element), root) != 0)
            text_appendf(&what, "the root element is <%.60s>, not <%s>", xml_name(element), root);
        else if (found[0] == '\0')
            text_appendf(&what, "<%s> is in no namespace", root);
        else
            text_appendf(&what, "<%s> is in the unknown namespace \"%.100s\"", root, found);
        text_appendf(&hint, "the file begins with <%s xmlns=\"%s\" ...>", root, space);
        findings_add(findings, xml_file(element), xml_line(element, NULL), xml_name(element),
                     text_string(&what), text_string(&hint));
    }
    text_free(&what);
    text_free(&hint);
    return is_right;
}

/* Takes the elements out that were found to be out of place. False if there are none. */
static bool remove_misplaced(struct explanation *explanation)
{
    bool any = explanation->misplaced_count > 0;

    for (size_t i = 0; i < explanation->misplaced_count; i++) {
        xmlUnlinkNode(explanation->misplaced[i]);
        xmlFreeNode(explanation->misplaced[i]);
    }
    explanation->misplaced_count = 0;
    return any;
}

/* Validates, and again without what was out of place: libxml2 looks no further at the siblings
 * of such an element. */
static void validate(xmlSchema *schema, xmlDoc *tree, struct explanation *explanation)
{
    for (int round = 0; round < MOST_ROUNDS; round++) {
        xmlSchemaValidCtxt *validation = xmlSchemaNewValidCtxt(schema);

        if (validation == NULL)
            abort();
        xmlSchemaSetValidStructuredErrors(validation, schema_explain, explanation);
        xmlSchemaValidateDoc(validation, tree);
        xmlSchemaFreeValidCtxt(validation);
        if (!remove_misplaced(explanation))
            break;
    }
    free(explanation->misplaced);
}

bool schema_check(struct xml_document *document, const char *schema, const char *root,
                  const char *space, struct findings *findings)
{
    struct explanation explanation = {.findings = findings};
    struct declarations *declarations;
    char *relative;
    char *path;
    xmlSchema *parsed;
    bool is_checked;

    if (!root_is_right(xml_root(document), root, space, findings))
        return false;
    relative = memory_format("campaigns/schema/%s", schema);
    path = path_of_data(relative);
    declarations = declarations_read(path, findings_report, findings);
    parsed = declarations != NULL ? parse_schema(path) : NULL;
    explanation.declarations = declarations;
    if (parsed != NULL)
        validate(parsed, xml_tree(document), &explanation);
    else
        findings_add(findings, path, 1, "", "the XML Schema can't be read",
                     "vnfault is not installed completely; $VNFAULT_DATA names its data folder");
    is_checked = parsed != NULL;
    xmlSchemaFree(parsed);
    declarations_free(declarations);
    free(path);
    free(relative);
    return is_checked;
}
