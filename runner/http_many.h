/* Many servers asked at once by one thread: one that is slow or hangs holds up no other. */
#ifndef RUNNER_HTTP_MANY_H
#define RUNNER_HTTP_MANY_H

#include "base/error.h"
#include "base/stop.h"
#include "runner/http.h"

struct http_many;

/* One client's request; a client has one turn at a time. */
struct http_turn {
    struct http_client *client;
    struct http_request request;
};

/* Takes what came of one turn: a response, which it may empty and is freed after it, or an error.
 * The other is NULL. */
typedef void http_turn_ended(void *context, size_t turn, struct http_response *response,
                             const struct error *error);

/* ERROR_INTERNAL if the machine has no descriptor left. */
int http_many_open(struct http_many **many, struct error *error);
void http_many_close(struct http_many *many);

/* Asks all. Each ends with an answer, after its client's own timeout, at `deadline` (runner's
 * clock) or at the stop (may be NULL), and `ended` is called for it at once. */
void http_many_ask(struct http_many *many, const struct http_turn *turns, size_t count,
                   int64_t deadline, struct stop *stop, http_turn_ended *ended, void *context);

#endif
