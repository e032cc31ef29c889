/* One client of runner/http.h, and the parts of a request: for the files http*.c alone. */
#ifndef RUNNER_HTTP_CLIENT_H
#define RUNNER_HTTP_CLIENT_H

#include <curl/curl.h>

#include "runner/http.h"

struct http_client {
    struct http_options options; /* with strings of its own */
    CURL *easy;
    /* Connections are its own: to the same address, those of another may lead through another
     * network namespace. */
    CURLSH *connections;

    /* Of the request under way. */
    struct http_response *response;
    struct curl_slist *headers;
    int64_t timeout;
    bool too_large;
    struct error socket_error;
    char name[320]; /* the URL as errors show it */
    char text[CURL_ERROR_SIZE];
};

/* Prepares the handle for a request that ends by `deadline`, or after the client's own timeout. */
int http_begin(struct http_client *client, const struct http_request *request, int64_t deadline,
               struct http_response *response, struct error *error);

/* Takes what came of it: the response is whole, or empty and -1 returned. */
int http_end(struct http_client *client, CURLcode code, struct error *error);

/* Gives the handle what proves who asks, and takes it away again. */
int http_set_secrets(struct http_client *client, const char *url, struct error *error);
void http_drop_secrets(struct http_client *client);

/* The error of a request that had no whole answer. Returns -1. */
int http_error(const struct http_client *client, CURLcode code, struct error *error);

#endif
