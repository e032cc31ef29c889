/*
 * Drives runner/http.h and http_many.h for tests/integration/test_http.sh.
 * usage: http_probe [NAME=VALUE | URL] ...
 * Names: those of struct http_options (timeout in ms), 'body' for what is posted, and 'deadline'
 * (in ms) of a round; a value holds for the URLs behind it. Those between two values have one
 * client and are asked one after the other, and each prints a line 'STATUS TYPE BODY'. With
 * 'together=ROUNDS' before all of them each has a client of its own and all are asked at once so
 * often. Errors go to standard output, too; the exit status is that of the last.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "runner/http_many.h"

enum { MOST = 1000, SHOWN = 200 };

static struct http_options options = {"",      "",   "", "", "", "", "", 10 * CLOCK_SECOND,
                                      1000000, false};
static const char *body;
static int64_t deadline = 60 * CLOCK_SECOND;
static int exit_status;

static const struct {
    const char *name;
    const char **value;
} texts[] = {
    {"ca_file", &options.ca_file},
    {"certificate", &options.certificate},
    {"key", &options.key},
    {"token_file", &options.token_file},
    {"user", &options.user},
    {"password_file", &options.password_file},
    {"network_namespace", &options.network_namespace},
    {"body", &body},
};

/* False if the word is no setting. */
static bool set(const char *word)
{
    size_t length = strcspn(word, "=:");

    if (word[length] != '=')
        return false;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strlen(texts[i].name) == length && strncmp(texts[i].name, word, length) == 0) {
            *texts[i].value = word + length + 1;
            return true;
        }
    }
    if (strncmp(word, "timeout=", 8) == 0)
        options.timeout = strtol(word + 8, NULL, 10) * CLOCK_MILLISECOND;
    else if (strncmp(word, "deadline=", 9) == 0)
        deadline = strtol(word + 9, NULL, 10) * CLOCK_MILLISECOND;
    else if (strncmp(word, "most_bytes=", 11) == 0)
        options.most_bytes = strtoul(word + 11, NULL, 10);
    else if (strncmp(word, "cookies=", 8) == 0)
        options.cookies = true;
    else
        return false;
    return true;
}

static void show_error(const struct error *error)
{
    printf("error: %s; %s\n", error->what, error->hint);
    exit_status = error_exit_status(error);
}

static void show(const struct http_response *response)
{
    if (response->began > response->ended || response->ended > clock_now())
        abort();
    printf("%ld %s ", response->status, response->content_type);
    if (response->body.length > SHOWN)
        printf("%zu bytes\n", response->body.length);
    else
        printf("%s\n", text_string(&response->body));
    if (response->date != 0 && llabs(response->date - response->ended) > 60 * CLOCK_SECOND)
        puts("its clock is wrong");
}

static void ask(struct http_client *client, const char *url)
{
    const char *const headers[] = {"Content-Type: text/plain", "X-Probe: yes", NULL};
    const struct http_request request = {.url = url, .body = body, .headers = headers};
    struct http_response response;
    struct error error = {0};

    if (http_ask(client, &request, &response, &error) < 0) {
        show_error(&error);
        return;
    }
    show(&response);
    http_response_free(&response);
}

static void ask_in_turn(int count, char **words)
{
    struct http_client *client = NULL;
    struct error error = {0};

    for (int i = 0; i < count; i++) {
        if (set(words[i])) {
            http_close(client);
            client = NULL;
            continue;
        }
        if (client == NULL && http_open(&options, &client, &error) < 0)
            show_error(&error);
        else
            ask(client, words[i]);
    }
    http_close(client);
}

struct round {
    struct stop *stop;
    int number;
};

static void ended(void *context, size_t turn, struct http_response *response,
                  const struct error *error)
{
    const struct round *round = context;

    printf("%d.%zu: ", round->number, turn);
    if (error != NULL)
        show_error(error);
    else
        show(response);
    /* A page may ask for the end of all. */
    if (response != NULL && strstr(text_string(&response->body), "stop") != NULL)
        stop_request(round->stop, SIGINT);
}

static void ask_together(int rounds, int count, char **words)
{
    static struct http_turn turns[MOST];
    struct http_many *many;
    struct error error = {0};
    struct stop stop;
    size_t turn_count = 0;

    if (stop_open(&stop, &error) < 0 || http_many_open(&many, &error) < 0)
        abort();
    for (int i = 0; i < count && turn_count < MOST; i++) {
        if (set(words[i]))
            continue;
        if (http_open(&options, &turns[turn_count].client, &error) < 0)
            show_error(&error);
        else
            turns[turn_count++].request = (struct http_request){.url = words[i], .body = body};
    }
    for (int i = 0; i < rounds; i++) {
        struct round round = {&stop, i};

        http_many_ask(many, turns, turn_count, clock_now() + deadline, &stop, ended, &round);
    }
    for (size_t i = 0; i < turn_count; i++)
        http_close(turns[i].client);
    http_many_close(many);
    stop_close(&stop);
}

int main(int count, char **arguments)
{
    signal(SIGPIPE, SIG_IGN); /* as main does */
    if (count > 1 && strncmp(arguments[1], "together=", 9) == 0)
        ask_together(atoi(arguments[1] + 9), count - 2, arguments + 2);
    else
        ask_in_turn(count - 1, arguments + 1);
    return exit_status;
}
