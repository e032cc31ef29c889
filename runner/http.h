/*
 * Asking servers over HTTP and HTTPS. A server's certificate is always verified; no redirect is
 * followed and no proxy is used, whatever the environment says. What a server sends is bounded in
 * size and in time. Errors name a URL without its query, and never a secret.
 */
#ifndef RUNNER_HTTP_H
#define RUNNER_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

/* How a server is asked, as its source says. Strings are never NULL; "" is not said. */
struct http_options {
    const char *ca_file;     /* trusted certificates, PEM; "": the system's */
    const char *certificate; /* of the client, PEM */
    const char *key;         /* of that certificate, without a passphrase */
    const char *token_file; /* bearer token, read anew for each request so that it may be renewed */
    const char *user;
    const char *password_file;     /* read anew for each request, too */
    const char *network_namespace; /* to connect from; names are resolved in the runner's own */
    int64_t timeout;               /* of a whole request, ns */
    size_t most_bytes;             /* of an answer's body, after decompression */
    bool cookies;                  /* kept for as long as the client lives */
};

struct http_request {
    const char *url;
    const char *body;           /* NULL: GET; else POST */
    const char *const *headers; /* whole lines, ends with NULL; or NULL */
    bool head;                  /* HEAD: the answer has no body */
};

struct http_response {
    long status;
    struct text body;
    char content_type[128]; /* "" if none was said; cut where it is longer */
    int64_t began;          /* runner's clock */
    int64_t ended;
    int64_t date; /* what the server said its clock was, to the second: ns since 1970; 0: nothing */
};

/* One server, with a connection that is kept open. Used by one thread at a time. */
struct http_client;

/* ERROR_INPUT if a file of the options can't be read or they don't go together. Nothing is sent. */
int http_open(const struct http_options *options, struct http_client **client, struct error *error);
void http_close(struct http_client *client);

/* ERROR_INPUT unless it is a URL of http or https that bears no user, password or fragment. */
int http_check_url(const char *url, struct error *error);

/* The URL as errors show it: without user, password and query, and with '?' for what can't be
 * printed. */
void http_name_url(const char *url, char *name, size_t size);

/* An answer of any status is none of the errors; ERROR_UNREACHABLE if there was no whole answer.
 * Free the response, which is empty after an error. */
int http_ask(struct http_client *client, const struct http_request *request,
             struct http_response *response, struct error *error);
void http_response_free(struct http_response *response);

#endif
