#include "runner/vsphere_properties.h"

#include <string.h>

/* Objects of one answer, and answers to one question: the first keeps answers small, the second
 * ends a server that never does. */
enum { OBJECTS_OF_ANSWER = 500, MOST_ANSWERS = 1000 };

void vsphere_property_set(struct text *request, const char *type, const char *const *names)
{
    text_append(request, "<propSet>");
    soap_element(request, "type", type);
    for (; *names != NULL; names++)
        soap_element(request, "pathSet", *names);
    text_append(request, "</propSet>");
}

void vsphere_object_set(struct text *request, const struct vsphere_reference *object)
{
    text_append(request, "<objectSet>");
    soap_reference_element(request, "obj", object);
    text_append(request, "</objectSet>");
}

const xmlNode *vsphere_property(const xmlNode *object, const char *name)
{
    const xmlNode *property = vsphere_child(object, "propSet");

    while (property != NULL) {
        const char *found = vsphere_child_string(property, "name");

        if (found != NULL && strcmp(found, name) == 0)
            return vsphere_child(property, "val");
        property = vsphere_next(property, "propSet");
    }
    return NULL;
}

static int read_objects(const xmlNode *returned, vsphere_object_reader *reader, void *context,
                        struct error *error)
{
    const xmlNode *object = vsphere_child(returned, "objects");

    while (object != NULL) {
        struct vsphere_reference reference;

        if (vsphere_reference_read(vsphere_child(object, "obj"), &reference) &&
            reader(context, &reference, object, error) < 0)
            return -1;
        object = vsphere_next(object, "objects");
    }
    return 0;
}

/* Sends one request and reads its objects. `token` becomes what the next part is asked for with, or
 * is emptied if there is none. */
static int ask_part(struct vsphere_session *session, const char *operation,
                    const struct text *request, struct text *token, vsphere_object_reader *reader,
                    void *context, struct error *error)
{
    struct soap_answer answer;
    int result = vsphere_call(session, operation, request, &answer, error);

    text_clear(token);
    if (result == 0) {
        /* Where nothing was found there is no returnval. */
        const xmlNode *returned = vsphere_child(answer.response, "returnval");
        const char *next = vsphere_child_string(returned, "token");

        if (next != NULL)
            text_append(token, next);
        result = read_objects(returned, reader, context, error);
    }
    soap_answer_free(&answer);
    return result;
}

int vsphere_retrieve(struct vsphere_session *session, const struct text *specification,
                     vsphere_object_reader *reader, void *context, struct error *error)
{
    const struct vsphere_reference *collector =
        &vsphere_session_content(session)->property_collector;
    const char *operation = "RetrievePropertiesEx";
    struct text request = {0};
    struct text token = {0};
    int result;

    soap_begin(&request, operation, collector);
    text_append(&request, "<specSet>");
    text_append_bytes(&request, text_string(specification), specification->length);
    text_append(&request, "</specSet><options>");
    soap_number_element(&request, "maxObjects", OBJECTS_OF_ANSWER);
    text_append(&request, "</options>");
    soap_end(&request, operation);
    result = ask_part(session, operation, &request, &token, reader, context, error);
    operation = "ContinueRetrievePropertiesEx";
    for (int i = 1; result == 0 && token.length > 0; i++) {
        soap_begin(&request, operation, collector);
        soap_element(&request, "token", text_string(&token));
        soap_end(&request, operation);
        result = i < MOST_ANSWERS
                     ? ask_part(session, operation, &request, &token, reader, context, error)
                     : error_set(error, ERROR_UNREACHABLE, "the list of objects has no end");
    }
    text_free(&request);
    text_free(&token);
    return result;
}
