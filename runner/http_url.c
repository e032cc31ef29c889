/* What a URL may be, and how errors show it. */
#include <stdio.h>
#include <string.h>

#include "runner/http_client.h"

static bool has_part(CURLU *url, CURLUPart part)
{
    char *value = NULL;
    bool has = curl_url_get(url, part, &value, 0) == CURLUE_OK;

    curl_free(value);
    return has;
}

static bool is_http(CURLU *url)
{
    char *scheme = NULL;
    bool is = curl_url_get(url, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
              (strcmp(scheme, "http") == 0 || strcmp(scheme, "https") == 0);

    curl_free(scheme);
    return is;
}

void http_name_url(const char *url, char *name, size_t size)
{
    const char *authority = strstr(url, "://");
    const char *user;

    /* What is before an '@' may be a password. */
    authority = authority == NULL ? url : authority + 3;
    user = authority + strcspn(authority, "/?#");
    while (user > authority && *user != '@')
        user--;
    if (*user == '@')
        snprintf(name, size, "%.*s...%s", (int)(authority - url), url, user);
    else
        snprintf(name, size, "%s", url);
    name[strcspn(name, "?#")] = '\0';
    for (char *at = name; *at != '\0'; at++) {
        if (*at < ' ' || *at > '~')
            *at = '?';
    }
}

int http_check_url(const char *url, struct error *error)
{
    CURLU *parts = curl_url();
    CURLUcode code = curl_url_set(parts, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME);
    char name[320];
    int result = 0;

    http_name_url(url, name, sizeof name);
    if (code != CURLUE_OK || !is_http(parts)) {
        result = error_set(error, ERROR_INPUT, "'%s' is not a URL of http or https", name);
        error_hint(error, "write it so: https://198.18.0.11:9100/metrics");
    } else if (has_part(parts, CURLUPART_USER) || has_part(parts, CURLUPART_PASSWORD)) {
        result = error_set(error, ERROR_INPUT, "the URL %s holds a user or password", name);
        error_hint(error, "say them apart from it: the password goes in a file");
    } else if (has_part(parts, CURLUPART_FRAGMENT)) {
        result = error_set(error, ERROR_INPUT, "the URL of %s has a fragment (#...)", name);
    }
    curl_url_cleanup(parts);
    return result;
}
