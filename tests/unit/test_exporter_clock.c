/* A server's clock is learned by asking when its second ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "runner/collector_prometheus_exporter.h"

/* The server's clock before the runner's. */
#define AHEAD (12 * CLOCK_SECOND + 370 * CLOCK_MILLISECOND)
enum { MOST_PASSES = 100 };

struct server {
    int listener;
    pthread_t thread;
    char url[64];
    int heads; /* requests that were HEAD */
};

static void answer_all(struct server *server, int peer)
{
    char request[2000];
    ssize_t length;

    while ((length = recv(peer, request, sizeof request - 1, 0)) > 0) {
        time_t now = (time_t)((clock_now() + AHEAD) / CLOCK_SECOND);
        struct tm fields;
        char date[64];
        char text[200];

        request[length] = '\0';
        server->heads += strncmp(request, "HEAD / ", 7) == 0;
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &fields));
        length = snprintf(text, sizeof text,
                          "HTTP/1.1 404 Not Found\r\nDate: %s\r\nContent-Length: 0\r\n\r\n", date);
        send(peer, text, (size_t)length, MSG_NOSIGNAL);
    }
    close(peer);
}

static void *serve(void *argument)
{
    struct server *server = argument;
    int peer;

    while ((peer = accept(server->listener, NULL, NULL)) >= 0)
        answer_all(server, peer);
    return NULL;
}

static void start(struct server *server)
{
    struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof name;

    *server = (struct server){.listener = socket(AF_INET, SOCK_STREAM, 0)};
    assert_int_equal(bind(server->listener, (struct sockaddr *)&name, size), 0);
    assert_int_equal(listen(server->listener, 5), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&name, &size), 0);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%d/metrics?x=y",
             ntohs(name.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
}

static void end(struct server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
}

struct scene {
    struct server server;
    struct http_many *many;
    struct exporter_page page;
};

static void open_scene(struct scene *scene)
{
    char *name = "url";
    char *value = scene->server.url;
    const struct source source = {
        .collector = "prometheus-exporter", .attribute_count = 1, .names = &name, .values = &value};
    struct error error = {0};

    start(&scene->server);
    assert_int_equal(http_many_open(&scene->many, &error), 0);
    assert_int_equal(exporter_page_open(&source, &scene->page, &error), 0);
    scene->page.has_times = true;
    scene->page.clock = (struct server_clock){
        .least = AHEAD - 700 * CLOCK_MILLISECOND,
        .most = AHEAD + 300 * CLOCK_MILLISECOND,
        .noted = clock_now(),
    };
}

static void close_scene(struct scene *scene)
{
    exporter_page_close(&scene->page);
    http_many_close(scene->many);
    end(&scene->server);
}

static void a_clock_becomes_known(void **state)
{
    struct scene scene = {0};
    const struct server_clock *clock = &scene.page.clock;
    int passes = 0;

    (void)state;
    open_scene(&scene);
    /* Each halves it but for those that the machine delayed. */
    while (passes < MOST_PASSES && server_clock_width(clock) > 100 * CLOCK_MILLISECOND) {
        passes += (int)exporter_clocks_narrow(scene.many, &scene.page, 1,
                                              clock_now() + 5 * CLOCK_SECOND, NULL);
        assert_true(clock->least <= AHEAD && clock->most >= AHEAD);
    }
    assert_true(server_clock_width(clock) <= 100 * CLOCK_MILLISECOND);
    close_scene(&scene);
    assert_true(scene.server.heads >= 3);
}

static void what_is_known_or_of_no_use_is_not_asked_for(void **state)
{
    struct scene scene = {0};

    (void)state;
    open_scene(&scene);
    /* No time for an answer before the deadline. */
    assert_int_equal(exporter_clocks_narrow(scene.many, &scene.page, 1, clock_now(), NULL), 0);
    scene.page.has_times = false;
    assert_int_equal(exporter_clocks_narrow(scene.many, &scene.page, 1, INT64_MAX, NULL), 0);
    scene.page.has_times = true;
    scene.page.clock.most = scene.page.clock.least + 5 * CLOCK_MILLISECOND;
    assert_int_equal(exporter_clocks_narrow(scene.many, &scene.page, 1, INT64_MAX, NULL), 0);
    close_scene(&scene);
    assert_int_equal(scene.server.heads, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_becomes_known),
        cmocka_unit_test(what_is_known_or_of_no_use_is_not_asked_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
