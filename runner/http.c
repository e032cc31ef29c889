/* Clients, and one request of one client. */
#include "runner/http.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/secret.h"
#include "runner/http_client.h"
#include "runner/network_namespace.h"

static void start_library(void)
{
    if (curl_global_init(CURL_GLOBAL_ALL) != CURLE_OK)
        abort();
}

/* Takes a part of the body, or ends the request when there is too much of it. */
static size_t take_body(char *bytes, size_t size, size_t count, void *context)
{
    struct http_client *client = context;
    struct text *body = &client->response->body;
    size_t length = size * count;

    client->too_large = length > client->options.most_bytes - body->length;
    if (client->too_large)
        return 0;
    text_append_bytes(body, bytes, length);
    return length;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct http_client *client = context;
    int descriptor;

    (void)purpose;
    if (network_namespace_socket(client->options.network_namespace, address->family,
                                 address->socktype, address->protocol, &descriptor,
                                 &client->socket_error) < 0)
        return CURL_SOCKET_BAD;
    /* A failure of an earlier address, of a family that this machine lacks, is none. */
    error_clear(&client->socket_error);
    return descriptor;
}

/* What holds for every request. */
static void set_up_handle(struct http_client *client)
{
    CURL *easy = client->easy;

    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    /* A name server that doesn't answer is not waited for. */
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_SHARE, client->connections);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "vnfault");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, client->text);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, client);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, client);
    if (client->options.cookies)
        curl_easy_setopt(easy, CURLOPT_COOKIEFILE, "");
}

static void set_up_certificates(struct http_client *client)
{
    const struct http_options *options = &client->options;
    CURL *easy = client->easy;

    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (options->ca_file[0] != '\0') {
        curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
        curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    }
    if (options->certificate[0] == '\0')
        return;
    curl_easy_setopt(easy, CURLOPT_SSLCERT, options->certificate);
    curl_easy_setopt(easy, CURLOPT_SSLKEY, options->key);
    /* Else OpenSSL asks for a passphrase on the terminal. */
    curl_easy_setopt(easy, CURLOPT_KEYPASSWD, "");
}

static int check_readable(const char *path, struct error *error)
{
    return path[0] == '\0' || access(path, R_OK) == 0
               ? 0
               : error_system(error, ERROR_INPUT, "can't read %s", path);
}

static int check_secret(const char *path, struct error *error)
{
    struct secret secret = {0};

    if (path[0] == '\0')
        return 0;
    if (secret_read_file(path, &secret, error) < 0)
        return -1;
    secret_wipe(&secret);
    return 0;
}

static int check_options(const struct http_options *options, struct error *error)
{
    if ((options->certificate[0] == '\0') != (options->key[0] == '\0'))
        return error_set(error, ERROR_INPUT,
                         "a certificate needs its key, and a key its certificate");
    if ((options->user[0] == '\0') != (options->password_file[0] == '\0'))
        return error_set(error, ERROR_INPUT, "a user needs a password file, and that a user");
    if (options->user[0] != '\0' && options->token_file[0] != '\0')
        return error_set(error, ERROR_INPUT, "there is a user and a token: only one can be used");
    if (check_readable(options->ca_file, error) < 0 ||
        check_readable(options->certificate, error) < 0 ||
        check_readable(options->key, error) < 0 || check_secret(options->token_file, error) < 0)
        return -1;
    return check_secret(options->password_file, error);
}

static void copy_options(struct http_options *copy, const struct http_options *options)
{
    *copy = *options;
    copy->ca_file = memory_string(options->ca_file);
    copy->certificate = memory_string(options->certificate);
    copy->key = memory_string(options->key);
    copy->token_file = memory_string(options->token_file);
    copy->user = memory_string(options->user);
    copy->password_file = memory_string(options->password_file);
    copy->network_namespace = memory_string(options->network_namespace);
}

int http_open(const struct http_options *options, struct http_client **client, struct error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct http_client *made;

    *client = NULL;
    if (check_options(options, error) < 0)
        return -1;
    pthread_once(&once, start_library);
    made = memory_new(1, sizeof *made);
    copy_options(&made->options, options);
    made->easy = curl_easy_init();
    made->connections = curl_share_init();
    if (made->easy == NULL || made->connections == NULL)
        abort();
    curl_share_setopt(made->connections, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
    set_up_handle(made);
    set_up_certificates(made);
    *client = made;
    return 0;
}

void http_close(struct http_client *client)
{
    if (client == NULL)
        return;
    curl_easy_cleanup(client->easy);
    curl_share_cleanup(client->connections);
    free((char *)client->options.ca_file);
    free((char *)client->options.certificate);
    free((char *)client->options.key);
    free((char *)client->options.token_file);
    free((char *)client->options.user);
    free((char *)client->options.password_file);
    free((char *)client->options.network_namespace);
    free(client);
}

static void set_request(struct http_client *client, const struct http_request *request)
{
    CURL *easy = client->easy;
    int64_t milliseconds = (client->timeout + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND;

    curl_easy_setopt(easy, CURLOPT_URL, request->url);
    if (request->head) {
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    } else if (request->body == NULL) {
        curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    } else {
        curl_easy_setopt(easy, CURLOPT_POST, 1L);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->body));
    }
    for (const char *const *line = request->headers; line != NULL && *line != NULL; line++) {
        struct curl_slist *longer = curl_slist_append(client->headers, *line);

        if (longer == NULL)
            abort();
        client->headers = longer;
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, client->headers);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)milliseconds);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)milliseconds);
}

int http_begin(struct http_client *client, const struct http_request *request, int64_t deadline,
               struct http_response *response, struct error *error)
{
    int64_t now = clock_now();
    int64_t left = deadline - now;

    memset(response, 0, sizeof *response);
    response->began = now;
    client->response = response;
    client->timeout = left < client->options.timeout ? left : client->options.timeout;
    client->timeout = client->timeout > 0 ? client->timeout : 0;
    client->too_large = false;
    client->text[0] = '\0';
    error_clear(&client->socket_error);
    http_name_url(request->url, client->name, sizeof client->name);
    if (http_check_url(request->url, error) < 0)
        return -1;
    if (client->timeout == 0)
        return http_error(client, CURLE_OPERATION_TIMEDOUT, error);
    if (http_set_secrets(client, request->url, error) < 0)
        return -1;
    set_request(client, request);
    return 0;
}

/* The server's clock, 0 if it said none that can be. */
static int64_t read_date(CURL *easy)
{
    struct curl_header *header;
    time_t seconds;

    if (curl_easy_header(easy, "Date", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
        return 0;
    seconds = curl_getdate(header->value, NULL);
    return seconds > 0 && seconds < INT64_MAX / CLOCK_SECOND ? (int64_t)seconds * CLOCK_SECOND : 0;
}

int http_end(struct http_client *client, CURLcode code, struct error *error)
{
    struct http_response *response = client->response;
    const char *content_type = NULL;

    response->ended = clock_now();
    http_drop_secrets(client);
    if (code != CURLE_OK) {
        http_response_free(response);
        return http_error(client, code, error);
    }
    curl_easy_getinfo(client->easy, CURLINFO_RESPONSE_CODE, &response->status);
    curl_easy_getinfo(client->easy, CURLINFO_CONTENT_TYPE, &content_type);
    snprintf(response->content_type, sizeof response->content_type, "%s",
             content_type != NULL ? content_type : "");
    response->date = read_date(client->easy);
    return 0;
}

int http_ask(struct http_client *client, const struct http_request *request,
             struct http_response *response, struct error *error)
{
    if (http_begin(client, request, INT64_MAX, response, error) < 0)
        return -1;
    return http_end(client, curl_easy_perform(client->easy), error);
}

void http_response_free(struct http_response *response)
{
    text_free(&response->body);
    memset(response, 0, sizeof *response);
}
