#include "runner/vsphere_inventory.h"

#include <string.h>

#include "runner/vsphere_element.h"
#include "runner/vsphere_properties.h"

struct search {
    struct vsphere_wanted *wanted;
    size_t count;
};

/* The server writes '/', '\\' and '%' in names as %2f, %5c and %25; both forms are taken. */
static bool name_is(const char *written, const char *name)
{
    static const struct {
        const char *code;
        const char *character;
    } codes[] = {{"%2f", "/"}, {"%5c", "\\"}, {"%25", "%"}};
    struct text plain = {0};
    bool is_it;

    for (const char *at = written; *at != '\0';) {
        size_t code = 0;

        while (code < 3 && strncasecmp(at, codes[code].code, 3) != 0)
            code++;
        text_append_bytes(&plain, code < 3 ? codes[code].character : at, 1);
        at += code < 3 ? 3 : 1;
    }
    is_it = strcmp(written, name) == 0 || strcmp(text_string(&plain), name) == 0;
    text_free(&plain);
    return is_it;
}

static int match_machine(void *context, const struct vsphere_reference *reference,
                         const xmlNode *object, struct error *error)
{
    struct search *search = context;
    const char *name = vsphere_string(vsphere_property(object, "name"));

    (void)error;
    for (size_t i = 0; name != NULL && i < search->count; i++) {
        struct vsphere_wanted *wanted = &search->wanted[i];

        if (strchr(wanted->name, '/') != NULL || !name_is(name, wanted->name))
            continue;
        wanted->machine = *reference;
        wanted->found++;
    }
    return 0;
}

static int create_view(struct vsphere_session *session, struct vsphere_reference *view,
                       struct error *error)
{
    static const char operation[] = "CreateContainerView";
    const struct vsphere_content *content = vsphere_session_content(session);
    struct text request = {0};
    struct soap_answer answer;
    int result;

    soap_begin(&request, operation, &content->view_manager);
    soap_reference_element(&request, "container", &content->root_folder);
    soap_element(&request, "type", "VirtualMachine");
    soap_element(&request, "recursive", "true");
    soap_end(&request, operation);
    result = vsphere_call(session, operation, &request, &answer, error);
    if (result == 0 && !vsphere_reference_read(vsphere_child(answer.response, "returnval"), view))
        result = error_set(error, ERROR_UNREACHABLE, "the server made no view of its VMs");
    soap_answer_free(&answer);
    text_free(&request);
    return result;
}

/* The session's end takes it away too. */
static void destroy_view(struct vsphere_session *session, const struct vsphere_reference *view)
{
    struct text request = {0};
    struct soap_answer answer;
    struct error error;

    soap_begin(&request, "DestroyView", view);
    soap_end(&request, "DestroyView");
    (void)vsphere_call(session, "DestroyView", &request, &answer, &error);
    soap_answer_free(&answer);
    text_free(&request);
}

static int find_by_name(struct vsphere_session *session, struct search *search, struct error *error)
{
    static const char *const names[] = {"name", NULL};
    struct vsphere_reference view;
    struct text specification = {0};
    int result;

    if (create_view(session, &view, error) < 0)
        return -1;
    vsphere_property_set(&specification, "VirtualMachine", names);
    text_append(&specification, "<objectSet>");
    soap_reference_element(&specification, "obj", &view);
    text_append(&specification,
                "<skip>true</skip><selectSet xsi:type=\"TraversalSpec\"><name>view</name>"
                "<type>ContainerView</type><path>view</path><skip>false</skip></selectSet>"
                "</objectSet>");
    result = vsphere_retrieve(session, &specification, match_machine, search, error);
    text_free(&specification);
    destroy_view(session, &view);
    return result;
}

static int find_by_path(struct vsphere_session *session, struct vsphere_wanted *wanted,
                        struct error *error)
{
    static const char operation[] = "FindByInventoryPath";
    struct text request = {0};
    struct soap_answer answer;
    int result;

    soap_begin(&request, operation, &vsphere_session_content(session)->search_index);
    /* People write a '/' before it, the server doesn't know it so. */
    soap_element(&request, "inventoryPath", wanted->name + strspn(wanted->name, "/"));
    soap_end(&request, operation);
    result = vsphere_call(session, operation, &request, &answer, error);
    if (result == 0 &&
        vsphere_reference_read(vsphere_child(answer.response, "returnval"), &wanted->machine) &&
        strcmp(wanted->machine.type, "VirtualMachine") == 0)
        wanted->found = 1;
    soap_answer_free(&answer);
    text_free(&request);
    return result;
}

int vsphere_find(struct vsphere_session *session, struct vsphere_wanted *wanted, size_t count,
                 struct error *error)
{
    struct search search = {wanted, count};
    bool is_named = false;

    for (size_t i = 0; i < count; i++) {
        wanted[i].found = 0;
        if (strchr(wanted[i].name, '/') == NULL)
            is_named = true;
        else if (find_by_path(session, &wanted[i], error) < 0)
            return -1;
    }
    return is_named ? find_by_name(session, &search, error) : 0;
}

struct state_search {
    const struct vsphere_reference *machines;
    struct vsphere_state *states;
    size_t count;
};

static int read_state(void *context, const struct vsphere_reference *reference,
                      const xmlNode *object, struct error *error)
{
    struct state_search *search = context;

    (void)error;
    for (size_t i = 0; i < search->count; i++) {
        struct vsphere_state *state = &search->states[i];

        if (!vsphere_reference_is(&search->machines[i], reference))
            continue;
        state->is_told = vsphere_copy(vsphere_property(object, "runtime.powerState"), state->power,
                                      sizeof state->power);
        vsphere_copy(vsphere_property(object, "runtime.host"), state->host, sizeof state->host);
        vsphere_copy(vsphere_property(object, "config.changeVersion"), state->configuration,
                     sizeof state->configuration);
    }
    return 0;
}

int vsphere_states(struct vsphere_session *session, const struct vsphere_reference *machines,
                   size_t count, struct vsphere_state *states, struct error *error)
{
    static const char *const names[] = {"runtime.powerState", "runtime.host",
                                        "config.changeVersion", NULL};
    struct state_search search = {machines, states, count};
    struct text specification = {0};
    int result;

    memset(states, 0, count * sizeof *states);
    vsphere_property_set(&specification, "VirtualMachine", names);
    for (size_t i = 0; i < count; i++)
        vsphere_object_set(&specification, &machines[i]);
    result = vsphere_retrieve(session, &specification, read_state, &search, error);
    text_free(&specification);
    return result;
}
