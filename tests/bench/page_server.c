/*
 * Serves the page of a true exporter under many addresses: for `make bench-collect`. The exporter
 * is asked once a second, so that the values are its own and change as they do; every address shows
 * the newest page, plain or gzip as the client asks, over connections that are kept open, with Date
 * of the instant. usage: page_server URL ADDRESS-FILE SAMPLES PORT     the addresses to listen on,
 * one a line; of the page the first SAMPLES values that are counters or gauges of the machine, 0:
 * all that it has
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"
#include "runner/http.h"

enum { MOST_EVENTS = 64, LARGEST_REQUEST = 4096 };

/* The newest page, as read and compressed. */
static struct {
    pthread_mutex_t mutex;
    struct text plain;
    struct text packed;
} newest = {.mutex = PTHREAD_MUTEX_INITIALIZER};

/* A connection, or (with `listening`) the socket that accepts them. */
struct peer {
    int descriptor;
    bool listening;
    char request[LARGEST_REQUEST];
    size_t received;
    struct text answer;
    size_t sent;
};

static void fail(const char *what)
{
    perror(what);
    exit(EXIT_FAILURE);
}

/* The page's lines up to the last one of so many samples. */
static void keep_samples(const char *page, size_t samples, struct text *kept)
{
    while (*page != '\0' && samples > 0) {
        const char *end = strchr(page, '\n');
        size_t length = end != NULL ? (size_t)(end - page) + 1 : strlen(page);

        samples -= *page != '#';
        text_append_bytes(kept, page, length);
        page += length;
    }
    if (samples > 0) {
        fprintf(stderr, "the page lacks %zu samples\n", samples);
        exit(EXIT_FAILURE);
    }
}

static void pack(const struct text *plain, struct text *packed)
{
    z_stream stream = {0};
    size_t room;
    unsigned char *bytes;

    /* 16: with the header of gzip. */
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 16 + MAX_WBITS, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        fail("deflateInit2");
    room = deflateBound(&stream, plain->length);
    bytes = memory_new(room, 1);
    stream.next_in = (unsigned char *)plain->bytes;
    stream.avail_in = (unsigned)plain->length;
    stream.next_out = bytes;
    stream.avail_out = (unsigned)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        fail("deflate");
    text_append_bytes(packed, (const char *)bytes, room - stream.avail_out);
    deflateEnd(&stream);
    free(bytes);
}

struct reading {
    const char *url;
    size_t samples;
    struct http_client *client;
};

static int read_page(const struct reading *reading, struct error *error)
{
    const struct http_request request = {.url = reading->url};
    struct http_response response;
    struct text plain = {0};
    struct text packed = {0};

    if (http_ask(reading->client, &request, &response, error) < 0)
        return -1;
    if (reading->samples > 0)
        keep_samples(text_string(&response.body), reading->samples, &plain);
    else
        text_append_bytes(&plain, response.body.bytes, response.body.length);
    http_response_free(&response);
    pack(&plain, &packed);
    pthread_mutex_lock(&newest.mutex);
    text_free(&newest.plain);
    text_free(&newest.packed);
    newest.plain = plain;
    newest.packed = packed;
    pthread_mutex_unlock(&newest.mutex);
    return 0;
}

static void *read_each_second(void *context)
{
    for (;;) {
        struct error error = {0};

        sleep(1);
        if (read_page(context, &error) < 0)
            error_print(&error, stderr);
    }
    return NULL;
}

static void compose(struct peer *peer)
{
    bool packed = strstr(peer->request, "gzip") != NULL;
    const struct text *page = packed ? &newest.packed : &newest.plain;
    time_t now = time(NULL);
    struct tm fields;
    char date[64];

    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&now, &fields));
    peer->answer.length = 0;
    peer->sent = 0;
    pthread_mutex_lock(&newest.mutex);
    text_appendf(&peer->answer,
                 "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                 "%sDate: %s\r\nContent-Length: %zu\r\n\r\n",
                 packed ? "Content-Encoding: gzip\r\n" : "", date, page->length);
    text_append_bytes(&peer->answer, page->bytes, page->length);
    pthread_mutex_unlock(&newest.mutex);
}

static void watch(int poll, struct peer *peer, uint32_t events, int operation)
{
    struct epoll_event event = {.events = events, .data.ptr = peer};

    if (epoll_ctl(poll, operation, peer->descriptor, &event) < 0)
        fail("epoll_ctl");
}

static void drop(struct peer *peer)
{
    close(peer->descriptor);
    text_free(&peer->answer);
    free(peer);
}

/* Whether the connection is still of use. */
static bool send_more(int poll, struct peer *peer)
{
    ssize_t sent = send(peer->descriptor, peer->answer.bytes + peer->sent,
                        peer->answer.length - peer->sent, MSG_DONTWAIT | MSG_NOSIGNAL);

    if (sent < 0)
        return false;
    peer->sent += (size_t)sent;
    watch(poll, peer, peer->sent < peer->answer.length ? EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
    return true;
}

static bool receive(int poll, struct peer *peer)
{
    ssize_t length = recv(peer->descriptor, peer->request + peer->received,
                          sizeof peer->request - 1 - peer->received, MSG_DONTWAIT);

    if (length <= 0)
        return false;
    peer->received += (size_t)length;
    peer->request[peer->received] = '\0';
    if (strstr(peer->request, "\r\n\r\n") == NULL)
        return peer->received < sizeof peer->request - 1;
    peer->received = 0;
    compose(peer);
    return send_more(poll, peer);
}

static void accept_peer(int poll, const struct peer *listener)
{
    int descriptor = accept4(listener->descriptor, NULL, NULL, SOCK_CLOEXEC);
    struct peer *peer;

    if (descriptor < 0)
        return;
    peer = memory_new(1, sizeof *peer);
    peer->descriptor = descriptor;
    watch(poll, peer, EPOLLIN, EPOLL_CTL_ADD);
}

static void serve(int poll)
{
    struct epoll_event events[MOST_EVENTS];

    for (;;) {
        int count = epoll_wait(poll, events, MOST_EVENTS, -1);

        for (int i = 0; i < count; i++) {
            struct peer *peer = events[i].data.ptr;

            if (peer->listening)
                accept_peer(poll, peer);
            else if (!((events[i].events & EPOLLOUT) != 0 ? send_more(poll, peer)
                                                          : receive(poll, peer)))
                drop(peer);
        }
    }
}

static void listen_on(int poll, const char *address, const char *port)
{
    struct sockaddr_in name = {.sin_family = AF_INET,
                               .sin_port = htons((uint16_t)strtoul(port, NULL, 10))};
    struct peer *peer = memory_new(1, sizeof *peer);
    int on = 1;

    peer->listening = true;
    peer->descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(peer->descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (inet_pton(AF_INET, address, &name.sin_addr) != 1 ||
        bind(peer->descriptor, (const struct sockaddr *)&name, sizeof name) < 0 ||
        listen(peer->descriptor, 16) < 0)
        fail(address);
    watch(poll, peer, EPOLLIN, EPOLL_CTL_ADD);
}

static void listen_on_all(int poll, const char *path, const char *port)
{
    FILE *file = fopen(path, "re");
    char line[64];

    if (file == NULL)
        fail(path);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        listen_on(poll, line, port);
    }
    fclose(file);
}

/* A listening socket and two clients' connections an address. */
static void allow_many_files(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

int main(int count, char **arguments)
{
    const struct http_options options = {.ca_file = "",
                                         .certificate = "",
                                         .key = "",
                                         .token_file = "",
                                         .user = "",
                                         .password_file = "",
                                         .network_namespace = "",
                                         .timeout = 10 * CLOCK_SECOND,
                                         .most_bytes = 32 << 20};
    struct reading reading = {0};
    struct error error = {0};
    pthread_t reader;
    int poll = epoll_create1(EPOLL_CLOEXEC);

    if (count != 5)
        return EXIT_FAILURE;
    reading.url = arguments[1];
    reading.samples = strtoul(arguments[3], NULL, 10);
    if (http_open(&options, &reading.client, &error) < 0 || read_page(&reading, &error) < 0) {
        error_print(&error, stderr);
        return error_exit_status(&error);
    }
    allow_many_files();
    listen_on_all(poll, arguments[2], arguments[4]);
    if (pthread_create(&reader, NULL, read_each_second, &reading) != 0)
        fail("pthread_create");
    serve(poll);
    return EXIT_SUCCESS;
}
