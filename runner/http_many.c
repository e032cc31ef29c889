#include "runner/http_many.h"

#include <stdlib.h>

#include "base/memory.h"
#include "runner/http_client.h"

struct http_many {
    CURLM *multi;
    /* Of the call under way. */
    const struct http_turn *turns;
    struct http_response *responses;
    bool *under_way;
    size_t left;
    http_turn_ended *ended;
    void *context;
};

struct http_many *http_many_open(void)
{
    struct http_many *many = memory_new(1, sizeof *many);

    many->multi = curl_multi_init();
    if (many->multi == NULL)
        abort();
    return many;
}

void http_many_close(struct http_many *many)
{
    if (many == NULL)
        return;
    curl_multi_cleanup(many->multi);
    free(many);
}

static void begin_turn(struct http_many *many, size_t turn, int64_t deadline)
{
    struct http_client *client = many->turns[turn].client;
    struct error error = {0};

    if (http_begin(client, &many->turns[turn].request, deadline, &many->responses[turn], &error) <
        0) {
        many->ended(many->context, turn, NULL, &error);
        return;
    }
    curl_easy_setopt(client->easy, CURLOPT_PRIVATE, &many->under_way[turn]);
    if (curl_multi_add_handle(many->multi, client->easy) != CURLM_OK)
        abort();
    many->under_way[turn] = true;
    many->left++;
}

static void end_turn(struct http_many *many, size_t turn, CURLcode code, struct stop *stop)
{
    struct http_client *client = many->turns[turn].client;
    struct http_response *response = &many->responses[turn];
    struct error error = {0};
    int result;

    curl_multi_remove_handle(many->multi, client->easy);
    many->under_way[turn] = false;
    many->left--;
    result = http_end(client, code, &error);
    if (code == CURLE_ABORTED_BY_CALLBACK)
        stop_error(stop, &error, "stopped before the answer was there");
    many->ended(many->context, turn, result == 0 ? response : NULL, result == 0 ? NULL : &error);
    http_response_free(response);
}

static void end_finished(struct http_many *many)
{
    const CURLMsg *message;
    int more;

    while ((message = curl_multi_info_read(many->multi, &more)) != NULL) {
        CURLcode code = message->data.result;
        char *under_way;

        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &under_way);
        end_turn(many, (size_t)((bool *)under_way - many->under_way), code, NULL);
    }
}

static void wait_for_more(struct http_many *many, struct stop *stop)
{
    struct curl_waitfd stopped = {.events = CURL_WAIT_POLLIN};

    if (stop != NULL)
        stopped.fd = stop->descriptor;
    curl_multi_poll(many->multi, &stopped, stop != NULL, 1000, NULL);
}

static void ask_begun(struct http_many *many, struct stop *stop)
{
    int running;

    while (many->left > 0 && (stop == NULL || stop_reason(stop) == 0)) {
        if (curl_multi_perform(many->multi, &running) != CURLM_OK)
            abort();
        end_finished(many);
        if (many->left > 0)
            wait_for_more(many, stop);
    }
}

void http_many_ask(struct http_many *many, const struct http_turn *turns, size_t count,
                   int64_t deadline, struct stop *stop, http_turn_ended *ended, void *context)
{
    many->turns = turns;
    many->responses = memory_new(count, sizeof *many->responses);
    many->under_way = memory_new(count, sizeof *many->under_way);
    many->ended = ended;
    many->context = context;
    for (size_t i = 0; i < count; i++)
        begin_turn(many, i, deadline);
    ask_begun(many, stop);
    for (size_t i = 0; i < count; i++) {
        if (many->under_way[i])
            end_turn(many, i, CURLE_ABORTED_BY_CALLBACK, stop);
    }
    free(many->responses);
    free(many->under_way);
}
