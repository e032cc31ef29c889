#include "runner/http_many.h"

#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/http_client.h"

enum { EVENTS_AT_ONCE = 64 };

struct http_many {
    CURLM *multi;
    int poll;     /* epoll: a wait costs the same however many servers are asked */
    int64_t wake; /* when the library wants to look at its timers; INT64_MAX: not at all */
    /* Of the call under way. */
    const struct http_turn *turns;
    struct http_response *responses;
    bool *under_way;
    size_t left;
    http_turn_ended *ended;
    void *context;
};

/* The library tells what it waits for at which socket. */
static int note_socket(CURL *easy, curl_socket_t descriptor, int what, void *context,
                       void *socket_context)
{
    const struct http_many *many = context;
    struct epoll_event event = {.data.fd = descriptor};

    (void)easy;
    (void)socket_context;
    if (what == CURL_POLL_REMOVE) {
        epoll_ctl(many->poll, EPOLL_CTL_DEL, descriptor, NULL);
        return 0;
    }
    event.events =
        ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    if (epoll_ctl(many->poll, EPOLL_CTL_MOD, descriptor, &event) < 0 &&
        epoll_ctl(many->poll, EPOLL_CTL_ADD, descriptor, &event) < 0)
        abort();
    return 0;
}

static int note_timer(CURLM *multi, long milliseconds, void *context)
{
    struct http_many *many = context;

    (void)multi;
    many->wake = milliseconds < 0 ? INT64_MAX : clock_now() + milliseconds * CLOCK_MILLISECOND;
    return 0;
}

int http_many_open(struct http_many **opened, struct error *error)
{
    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct http_many *many;

    *opened = NULL;
    if (poll < 0)
        return error_system(error, ERROR_INTERNAL, "can't wait for servers");
    many = memory_new(1, sizeof *many);
    many->multi = curl_multi_init();
    many->poll = poll;
    many->wake = INT64_MAX;
    if (many->multi == NULL)
        abort();
    curl_multi_setopt(many->multi, CURLMOPT_SOCKETFUNCTION, note_socket);
    curl_multi_setopt(many->multi, CURLMOPT_SOCKETDATA, many);
    curl_multi_setopt(many->multi, CURLMOPT_TIMERFUNCTION, note_timer);
    curl_multi_setopt(many->multi, CURLMOPT_TIMERDATA, many);
    *opened = many;
    return 0;
}

void http_many_close(struct http_many *many)
{
    if (many == NULL)
        return;
    curl_multi_cleanup(many->multi);
    close(many->poll);
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
    many->under_way[turn] = true;
    many->left++;
    if (curl_multi_add_handle(many->multi, client->easy) != CURLM_OK)
        abort();
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

static void act(struct http_many *many, curl_socket_t descriptor, int what)
{
    int running;

    if (curl_multi_socket_action(many->multi, descriptor, what, &running) != CURLM_OK)
        abort();
    end_finished(many);
}

static int milliseconds_until(int64_t instant)
{
    int64_t left = instant - clock_now();

    if (left <= 0)
        return 0;
    return left < CLOCK_SECOND ? (int)((left + CLOCK_MILLISECOND - 1) / CLOCK_MILLISECOND) : 1000;
}

static void wait_for_more(struct http_many *many, const struct stop *stop)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int count = epoll_wait(many->poll, events, EVENTS_AT_ONCE, milliseconds_until(many->wake));

    for (int i = 0; i < count; i++) {
        uint32_t said = events[i].events;
        int what = ((said & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                   ((said & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                   ((said & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);

        if (stop == NULL || events[i].data.fd != stop->descriptor)
            act(many, events[i].data.fd, what);
    }
    if (clock_now() >= many->wake) {
        many->wake = INT64_MAX;
        act(many, CURL_SOCKET_TIMEOUT, 0);
    }
}

static void watch_stop(const struct http_many *many, const struct stop *stop, int operation)
{
    struct epoll_event event = {.events = EPOLLIN};

    if (stop == NULL)
        return;
    event.data.fd = stop->descriptor;
    if (epoll_ctl(many->poll, operation, stop->descriptor, &event) < 0)
        abort();
}

void http_many_ask(struct http_many *many, const struct http_turn *turns, size_t count,
                   int64_t deadline, struct stop *stop, http_turn_ended *ended, void *context)
{
    many->turns = turns;
    many->responses = memory_new(count, sizeof *many->responses);
    many->under_way = memory_new(count, sizeof *many->under_way);
    many->ended = ended;
    many->context = context;
    watch_stop(many, stop, EPOLL_CTL_ADD);
    for (size_t i = 0; i < count; i++)
        begin_turn(many, i, deadline);
    while (many->left > 0 && (stop == NULL || stop_reason(stop) == 0))
        wait_for_more(many, stop);
    for (size_t i = 0; i < count; i++) {
        if (many->under_way[i])
            end_turn(many, i, CURLE_ABORTED_BY_CALLBACK, stop);
    }
    watch_stop(many, stop, EPOLL_CTL_DEL);
    free(many->responses);
    free(many->under_way);
}
