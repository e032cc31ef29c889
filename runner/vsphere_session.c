#include "runner/vsphere_session.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/http_many.h"
#include "runner/vsphere_element.h"
#include "runner/vsphere_password.h"

/* The largest answers, of samples, have a tenth of it. */
#define MOST_ANSWER_BYTES ((size_t)32 << 20)

static const struct vsphere_reference service_instance = {"ServiceInstance", "ServiceInstance"};

/* The version of the API that is asked for: vSphere 5.1's has all that is used here, and servers go
 * on speaking older ones. */
static const char *const request_headers[] = {"Content-Type: text/xml; charset=utf-8",
                                              "SOAPAction: \"urn:vim25/5.1\"", "Expect:", NULL};

struct vsphere_session {
    struct vsphere_server server;
    struct http_client *http;
    struct http_many *asking; /* which heeds deadline and stop */
    struct vsphere_content content;
    struct soap_fault fault;
    struct password_version refused; /* the password file as it was when the server refused it */
    bool is_logged_in;
    int64_t deadline;
    struct stop *stop;
};

/* When a question was asked and answered. */
struct exchange {
    int64_t began;
    int64_t ended;
};

/* What came of one question. */
struct turn {
    struct http_response response; /* if result is 0 */
    struct error *error;
    int result;
};

static void take_turn(void *context, size_t number, struct http_response *response,
                      const struct error *error)
{
    struct turn *turn = context;

    (void)number;
    turn->result = response != NULL ? 0 : -1;
    if (response == NULL) {
        *turn->error = *error;
        return;
    }
    turn->response = *response;
    response->body = (struct text){0};
}

/* Asks once, whatever the session's state. */
static int ask(struct vsphere_session *session, const char *operation, const struct text *request,
               struct soap_answer *answer, struct exchange *exchange, struct error *error)
{
    const struct http_turn question = {
        session->http,
        {.url = session->server.url, .body = text_string(request), .headers = request_headers}};
    struct turn turn = {.error = error};
    struct http_response *response = &turn.response;
    int result;

    *answer = (struct soap_answer){0};
    session->fault = (struct soap_fault){0};
    http_many_ask(session->asking, &question, 1, session->deadline, session->stop, take_turn,
                  &turn);
    if (turn.result < 0)
        return error_where(error, "%s", operation);
    /* SOAP 1.1 has faults in answers of status 500. */
    if (response->status == 200 || response->status == 500)
        result = soap_parse(text_string(&response->body), response->body.length, operation, answer,
                            error);
    else
        result = error_set(error, ERROR_UNREACHABLE, "HTTP status %ld", response->status);
    *exchange = (struct exchange){response->began, response->ended};
    http_response_free(response);
    if (result == 0)
        session->fault = answer->fault;
    else
        error_where(error, "%s of %s", operation, session->server.url);
    return result;
}

struct fault_meaning {
    const char *name;
    const char *what;
    const char *hint;
};

static const struct fault_meaning fault_meanings[] = {
    {"InvalidLogin", "user name or password is wrong",
     "see the attributes user and password-file; it is not tried again until the file changes"},
    {"NotAuthenticated", "the session ended again at once", ""},
    {"NoPermission", "the user may not do that", "give it the role Read-only on the VMs and above"},
    {"ManagedObjectNotFound", "the object is gone", ""},
    {NULL, NULL, NULL},
};

static int fault_error(const struct vsphere_session *session, const char *operation,
                       struct error *error)
{
    const struct soap_fault *fault = &session->fault;
    const struct fault_meaning *meaning = fault_meanings;

    while (meaning->name != NULL && strcmp(meaning->name, fault->name) != 0)
        meaning++;
    error_set(error, ERROR_UNREACHABLE, "%s%s%s%s%s", meaning->name != NULL ? meaning->what : "",
              meaning->name != NULL ? ": " : "", fault->name, fault->text[0] != '\0' ? ": " : "",
              fault->text);
    if (meaning->name != NULL && meaning->hint[0] != '\0')
        error_hint(error, "%s", meaning->hint);
    return error_where(error, "%s of %s", operation, session->server.url);
}

/* Sends what holds the password, and wipes it. */
static int send_login(struct vsphere_session *session, const char *password, struct error *error)
{
    struct text request = {0};
    struct soap_answer answer;
    struct exchange exchange = {0};
    int result;

    soap_begin(&request, "Login", &session->content.session_manager);
    soap_element(&request, "userName", session->server.user);
    soap_element(&request, "password", password);
    soap_end(&request, "Login");
    result = ask(session, "Login", &request, &answer, &exchange, error);
    explicit_bzero(request.bytes, request.capacity);
    text_free(&request);
    if (result == 0 && session->fault.name[0] != '\0')
        result = fault_error(session, "Login", error);
    soap_answer_free(&answer);
    return result;
}

/* A refused password is not sent again: that would lock the account. */
static int log_in(struct vsphere_session *session, struct error *error)
{
    struct secret password = {0};
    struct password_version version;
    int result;

    session->is_logged_in = false;
    if (password_read(session->server.password_file, &password, &version, error) < 0)
        return -1;
    if (password_is_same(&version, &session->refused)) {
        snprintf(session->fault.name, sizeof session->fault.name, "InvalidLogin");
        secret_wipe(&password);
        return fault_error(session, "Login", error);
    }
    result = send_login(session, password.bytes, error);
    secret_wipe(&password);
    if (strcmp(session->fault.name, "InvalidLogin") == 0)
        session->refused = version;
    session->is_logged_in = result == 0;
    return result;
}

static int call(struct vsphere_session *session, const char *operation, const struct text *request,
                struct soap_answer *answer, struct exchange *exchange, struct error *error)
{
    *answer = (struct soap_answer){0};
    if (!session->is_logged_in && log_in(session, error) < 0)
        return -1;
    if (ask(session, operation, request, answer, exchange, error) < 0)
        return -1;
    if (strcmp(session->fault.name, "NotAuthenticated") == 0) {
        soap_answer_free(answer);
        if (log_in(session, error) < 0 ||
            ask(session, operation, request, answer, exchange, error) < 0)
            return -1;
    }
    return session->fault.name[0] == '\0' ? 0 : fault_error(session, operation, error);
}

int vsphere_call(struct vsphere_session *session, const char *operation, const struct text *request,
                 struct soap_answer *answer, struct error *error)
{
    struct exchange exchange = {0};

    return call(session, operation, request, answer, &exchange, error);
}

static int read_content(struct vsphere_content *content, const xmlNode *returned,
                        struct error *error)
{
    const struct {
        const char *name;
        struct vsphere_reference *place;
    } parts[] = {
        {"rootFolder", &content->root_folder},
        {"propertyCollector", &content->property_collector},
        {"viewManager", &content->view_manager},
        {"sessionManager", &content->session_manager},
        {"perfManager", &content->performance_manager},
        {"searchIndex", &content->search_index},
    };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (!vsphere_reference_read(vsphere_child(returned, parts[i].name), parts[i].place))
            return error_set(error, ERROR_UNREACHABLE, "the server has no %s", parts[i].name);
    }
    return 0;
}

/* Needs no session. */
static int retrieve_content(struct vsphere_session *session, struct error *error)
{
    static const char operation[] = "RetrieveServiceContent";
    struct text request = {0};
    struct soap_answer answer;
    struct exchange exchange = {0};
    int result;

    soap_begin(&request, operation, &service_instance);
    soap_end(&request, operation);
    result = ask(session, operation, &request, &answer, &exchange, error);
    if (result == 0 && session->fault.name[0] != '\0')
        result = fault_error(session, operation, error);
    if (result == 0)
        result =
            read_content(&session->content, vsphere_child(answer.response, "returnval"), error);
    soap_answer_free(&answer);
    text_free(&request);
    return result;
}

int vsphere_session_clock(struct vsphere_session *session, struct vsphere_clock *clock,
                          struct error *error)
{
    static const char operation[] = "CurrentTime";
    struct text request = {0};
    struct soap_answer answer;
    struct exchange exchange = {0};
    int64_t instant;
    int64_t step;
    int result;

    soap_begin(&request, operation, &service_instance);
    soap_end(&request, operation);
    result = call(session, operation, &request, &answer, &exchange, error);
    text_free(&request);
    if (result == 0 &&
        !vsphere_time_read(vsphere_child_string(answer.response, "returnval"), &instant, &step)) {
        result = error_set(error, ERROR_UNREACHABLE, "the server tells no time");
        error_where(error, "%s of %s", operation, session->server.url);
    }
    if (result == 0)
        *clock = vsphere_clock_measure(exchange.began, exchange.ended, instant, step);
    soap_answer_free(&answer);
    return result;
}

int vsphere_session_open(const struct vsphere_server *server, struct vsphere_session **session,
                         struct error *error)
{
    const struct http_options options = {
        .ca_file = server->ca_file,
        .certificate = "",
        .key = "",
        .token_file = "",
        .user = "",
        .password_file = "",
        .network_namespace = server->network_namespace,
        .timeout = server->timeout,
        .most_bytes = MOST_ANSWER_BYTES,
        .cookies = true,
    };

    /* The password would go over the network in the clear. */
    if (!string_starts_with(server->url, "https://"))
        return error_set(error, ERROR_INPUT, "'%s' is not an https:// URL", server->url);
    *session = memory_new(1, sizeof **session);
    (*session)->server = *server;
    vsphere_session_bound(*session, INT64_MAX, NULL);
    if (http_many_open(&(*session)->asking, error) == 0 &&
        http_open(&options, &(*session)->http, error) == 0 &&
        retrieve_content(*session, error) == 0 && log_in(*session, error) == 0)
        return 0;
    vsphere_session_close(*session);
    *session = NULL;
    return -1;
}

void vsphere_session_close(struct vsphere_session *session)
{
    static const char operation[] = "Logout";

    if (session == NULL)
        return;
    vsphere_session_bound(session, INT64_MAX, NULL);
    if (session->is_logged_in) {
        struct text request = {0};
        struct soap_answer answer;
        struct exchange exchange = {0};
        struct error error;

        soap_begin(&request, operation, &session->content.session_manager);
        soap_end(&request, operation);
        /* If it fails the server ends the session by itself. */
        (void)ask(session, operation, &request, &answer, &exchange, &error);
        soap_answer_free(&answer);
        text_free(&request);
    }
    http_many_close(session->asking);
    http_close(session->http);
    free(session);
}

const struct vsphere_content *vsphere_session_content(const struct vsphere_session *session)
{
    return &session->content;
}

void vsphere_session_bound(struct vsphere_session *session, int64_t deadline, struct stop *stop)
{
    session->deadline = deadline;
    session->stop = stop;
}

const struct soap_fault *vsphere_session_fault(const struct vsphere_session *session)
{
    return &session->fault;
}
