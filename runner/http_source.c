#include "runner/http_source.h"

#include "base/clock.h"
#include "base/quantity.h"

#define STANDARD_TIMEOUT "10s"
#define LONGEST_TIMEOUT (600 * CLOCK_SECOND)

void http_source_key(const struct source *source, struct text *key)
{
    static const char *const attributes[] = {"url",           "ca-file",           "certificate",
                                             "key",           "token-file",        "user",
                                             "password-file", "network-namespace", "timeout"};

    for (size_t i = 0; i < sizeof attributes / sizeof attributes[0]; i++)
        text_appendf(key, "%s\n", source_attribute(source, attributes[i], ""));
}

int http_source_url(const struct source *source, const char *example, const char **url,
                    struct error *error)
{
    *url = source_attribute(source, "url", "");
    if ((*url)[0] != '\0')
        return http_check_url(*url, error);
    error_set(error, ERROR_INPUT, "source %s: the attribute url is missing", source->collector);
    return error_hint(error, "write it so: url=\"%s\"", example);
}

static int read_timeout(const struct source *source, int64_t *timeout, struct error *error)
{
    const char *text = source_attribute(source, "timeout", STANDARD_TIMEOUT);
    double value;

    if (quantity_read(QUANTITY_DURATION, text, &value, error) < 0)
        return -1;
    if (value < (double)CLOCK_MILLISECOND || value > (double)LONGEST_TIMEOUT)
        return error_set(error, ERROR_INPUT, "a timeout is from 1ms to 10min, not %s", text);
    *timeout = (int64_t)value;
    return 0;
}

int http_source_options(const struct source *source, size_t most_bytes,
                        struct http_options *options, struct error *error)
{
    *options = (struct http_options){
        .ca_file = source_attribute(source, "ca-file", ""),
        .certificate = source_attribute(source, "certificate", ""),
        .key = source_attribute(source, "key", ""),
        .token_file = source_attribute(source, "token-file", ""),
        .user = source_attribute(source, "user", ""),
        .password_file = source_attribute(source, "password-file", ""),
        .network_namespace = source_attribute(source, "network-namespace", ""),
        .most_bytes = most_bytes,
    };
    return read_timeout(source, &options->timeout, error);
}

int http_source_refuse_status(const char *url, long status, const char *not_found,
                              struct error *error)
{
    char name[320];

    http_name_url(url, name, sizeof name);
    error_set(error, ERROR_UNREACHABLE, "%s answers with status %ld", name, status);
    if (status == 401)
        return error_hint(error, "'token-file', or 'user' and 'password-file', say who asks; the "
                                 "server does not know it, or its token is out of date");
    if (status == 403)
        return error_hint(error, "the server knows who asks, but does not let it read this; of a "
                                 "kubelet the role must allow 'get' of nodes/metrics, through the "
                                 "API server of nodes/proxy");
    if (status == 404)
        return error_hint(error, "%s", not_found);
    return status >= 300 && status < 400
               ? error_hint(error, "no redirect is followed: write the URL that it leads to")
               : -1;
}
