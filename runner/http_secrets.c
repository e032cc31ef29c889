/* Tokens and passwords: read anew for each request, and gone from our memory after it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/secret.h"
#include "runner/http_client.h"

static void append_header(struct curl_slist **headers, const char *line)
{
    struct curl_slist *longer = curl_slist_append(*headers, line);

    if (longer == NULL)
        abort();
    *headers = longer;
}

static int set_token(struct http_client *client, struct error *error)
{
    char line[8192] = "Authorization: Bearer ";
    struct secret token = {0};

    if (secret_read_file(client->options.token_file, &token, error) < 0)
        return -1;
    memcpy(line + strlen(line), token.bytes, token.length + 1);
    append_header(&client->headers, line);
    explicit_bzero(line, sizeof line);
    secret_wipe(&token);
    return 0;
}

static int set_password(struct http_client *client, struct error *error)
{
    struct secret password = {0};

    if (secret_read_file(client->options.password_file, &password, error) < 0)
        return -1;
    curl_easy_setopt(client->easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(client->easy, CURLOPT_USERNAME, client->options.user);
    curl_easy_setopt(client->easy, CURLOPT_PASSWORD, password.bytes);
    secret_wipe(&password);
    return 0;
}

int http_set_secrets(struct http_client *client, const char *url, struct error *error)
{
    bool token = client->options.token_file[0] != '\0';
    bool password = client->options.password_file[0] != '\0';

    if (!token && !password)
        return 0;
    if (strncasecmp(url, "https:", 6) != 0) {
        error_set(error, ERROR_INPUT, "a %s would go to %s for everybody on the way to read",
                  token ? "token" : "password", client->name);
        return error_hint(error, "it is only sent over https");
    }
    return token ? set_token(client, error) : set_password(client, error);
}

void http_drop_secrets(struct http_client *client)
{
    for (struct curl_slist *header = client->headers; header != NULL; header = header->next)
        explicit_bzero(header->data, strlen(header->data));
    curl_slist_free_all(client->headers);
    client->headers = NULL;
    curl_easy_setopt(client->easy, CURLOPT_HTTPHEADER, NULL);
    curl_easy_setopt(client->easy, CURLOPT_USERNAME, NULL);
    curl_easy_setopt(client->easy, CURLOPT_PASSWORD, NULL);
}
