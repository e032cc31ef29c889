/* How a source of metrics says which server is asked over HTTP, and who asks: attributes that
 * collectors share. */
#ifndef RUNNER_HTTP_SOURCE_H
#define RUNNER_HTTP_SOURCE_H

#include "base/text.h"
#include "runner/http.h"
#include "runner/testbed.h"

/* Appends what two sources have in common that ask the same URL in the same manner. */
void http_source_key(const struct source *source, struct text *key);

/* The attribute url, which lives as long as the source. ERROR_INPUT if it is missing, and then
 * `example` is shown, or if it is none. */
int http_source_url(const struct source *source, const char *example, const char **url,
                    struct error *error);

/* ERROR_INPUT if the timeout is none. The strings are the source's. */
int http_source_options(const struct source *source, size_t most_bytes,
                        struct http_options *options, struct error *error);

/* The error of an answer that is not the one asked for, by its status; `not_found` is the hint if
 * there is nothing at that URL. Returns -1. */
int http_source_refuse_status(const char *url, long status, const char *not_found,
                              struct error *error);

#endif
