/* What kept a request from its answer, in words. */
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "runner/http_client.h"

/* The hint of a failure, and its words where they are better than libcurl's. */
static const struct failure {
    CURLcode code;
    const char *what;
    const char *hint;
} failures[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "can't find the address of its host",
     "write an IP address, or a name that resolves here"},
    {CURLE_COULDNT_CONNECT, NULL, "does the server run, and are address and port right?"},
    {CURLE_PEER_FAILED_VERIFICATION, NULL,
     "'ca-file' names a file of the certificates to be trusted; the server's must be for its name "
     "or address, and in date"},
    {CURLE_SSL_CONNECT_ERROR, NULL, "does the server speak TLS there, 1.2 or later?"},
    {CURLE_SSL_CERTPROBLEM, NULL,
     "'certificate' and 'key' name the client's own, in PEM and without a passphrase"},
    {CURLE_SSL_CACERT_BADFILE, NULL, "'ca-file' names a file of certificates in PEM"},
    {CURLE_PARTIAL_FILE, "its answer was cut short", NULL},
    {CURLE_GOT_NOTHING, "it closed the connection without an answer", NULL},
    {CURLE_RECV_ERROR, "the connection broke before the answer was whole", NULL},
    {CURLE_SEND_ERROR, "the connection broke before the request was sent", NULL},
    {CURLE_BAD_CONTENT_ENCODING, "its answer can't be decompressed", NULL},
    {CURLE_UNSUPPORTED_PROTOCOL, "what answers there doesn't speak HTTP", NULL},
    {CURLE_WEIRD_SERVER_REPLY, "what answers there doesn't speak HTTP", NULL},
};

static const struct failure *find_failure(CURLcode code)
{
    static const struct failure other = {CURLE_OK, NULL, NULL};

    for (size_t i = 0; i < sizeof failures / sizeof failures[0]; i++) {
        if (failures[i].code == code)
            return &failures[i];
    }
    return &other;
}

/* libcurl's words may hold what the server sent. */
static void copy_printable(const char *text, char *copy, size_t size)
{
    size_t i;

    for (i = 0; i + 1 < size && text[i] != '\0'; i++)
        copy[i] = (char)(text[i] < ' ' || text[i] > '~' ? '?' : text[i]);
    copy[i] = '\0';
}

static int say_other(const struct http_client *client, CURLcode code, struct error *error)
{
    const struct failure *failure = find_failure(code);
    char words[CURL_ERROR_SIZE];
    long number = 0;

    curl_easy_getinfo(client->easy, CURLINFO_OS_ERRNO, &number);
    errno = (int)number;
    copy_printable(client->text[0] != '\0' ? client->text : curl_easy_strerror(code), words,
                   sizeof words);
    if (code == CURLE_COULDNT_CONNECT && number != 0)
        error_system(error, ERROR_UNREACHABLE, "can't connect to %s", client->name);
    else
        error_set(error, ERROR_UNREACHABLE, "no answer from %s: %s", client->name,
                  failure->what != NULL ? failure->what : words);
    return failure->hint != NULL ? error_hint(error, "%s", failure->hint) : -1;
}

int http_error(const struct http_client *client, CURLcode code, struct error *error)
{
    char duration[32];

    if (client->socket_error.kind != ERROR_NONE) {
        *error = client->socket_error;
        return -1;
    }
    if (client->too_large) {
        error_set(error, ERROR_UNREACHABLE, "the answer of %s is larger than %zu bytes",
                  client->name, client->options.most_bytes);
        return -1;
    }
    if (code != CURLE_OPERATION_TIMEDOUT)
        return say_other(client, code, error);
    clock_format_duration(client->timeout, duration, sizeof duration);
    error_set(error, ERROR_UNREACHABLE, "no whole answer from %s within %s", client->name,
              duration);
    return error_hint(error, "is the server up, and does a firewall drop the packets?");
}
