#include "lab/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"
#include "lab/network.h"

/* How long one question waits for its answer, and how often it is asked: a datagram may be lost, a
 * stream's answer comes as soon as a busy machine lets it. A late answer to a datagram counts. */
static const struct transport {
    int type;
    struct timeval patience;
    int questions;
} datagram = {SOCK_DGRAM, {.tv_usec = 250000}, 20}, stream = {SOCK_STREAM, {.tv_sec = 5}, 1};

/* After a question without a good answer. */
#define QUESTION_INTERVAL (20 * CLOCK_MILLISECOND)

/* A socket in the control namespace, connected to a host; -1 if that fails. */
static int connect_host(const struct lab *lab, const struct transport *transport,
                        const char *host_address, int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const struct timeval *patience = &transport->patience;
    struct error ignored;
    int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    int descriptor = -1;

    if (own < 0)
        return -1;
    if (network_enter(lab, "control", &ignored) == 0) {
        descriptor = socket(AF_INET, transport->type | SOCK_CLOEXEC, 0);
        setns(own, CLONE_NEWNET);
    }
    close(own);
    inet_pton(AF_INET, host_address, &address.sin_addr);
    if (descriptor >= 0 &&
        (setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, patience, sizeof *patience) < 0 ||
         setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &datagram.patience,
                    sizeof datagram.patience) < 0 ||
         connect(descriptor, (struct sockaddr *)&address, sizeof address) < 0)) {
        close(descriptor);
        descriptor = -1;
    }
    return descriptor;
}

/* Sends the question, if any, and sees whether the answer begins as expected. */
static bool answers(const struct lab *lab, const struct transport *transport, const char *address,
                    int port, const char *question, const char *expected)
{
    int descriptor = connect_host(lab, transport, address, port);
    char answer[1024] = "";
    ssize_t length = -1;

    if (descriptor < 0)
        return false;
    for (int asked = 0; length < 0 && asked < transport->questions; asked++) {
        if (question != NULL && send(descriptor, question, strlen(question), MSG_NOSIGNAL) < 0)
            break;
        length = recv(descriptor, answer, sizeof answer - 1, 0);
        if (length < 0 && errno != EAGAIN)
            break;
    }
    close(descriptor);
    return length > 0 && string_starts_with(answer, expected);
}

static bool answers_sip(const struct lab *lab, const struct lab_host *host)
{
    char question[640];

    snprintf(question, sizeof question,
             "OPTIONS sip:ims.test SIP/2.0\r\n"
             "Via: SIP/2.0/UDP " LAB_CONTROL_ADDRESS ":5060;branch=z9hG4bK%llx;rport\r\n"
             "Max-Forwards: 1\r\nFrom: <sip:probe@ims.test>;tag=probe\r\n"
             "To: <sip:ims.test>\r\nCall-ID: %llx@" LAB_CONTROL_ADDRESS "\r\n"
             "CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n",
             (unsigned long long)clock_now(), (unsigned long long)clock_now());
    return answers(lab, &datagram, host->address, host->port, question, "SIP/2.0 200");
}

static bool answers_http(const struct lab *lab, const struct lab_host *host)
{
    return answers(lab, &stream, host->address, host->port,
                   "GET /ping HTTP/1.1\r\nHost: lab\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200");
}

static const struct {
    const char *name;
    bool (*answers)(const struct lab *lab, const struct lab_host *host);
} protocols[] = {{"sip", answers_sip}, {"http", answers_http}};

static bool service_answers(const struct lab *lab, const struct lab_host *host)
{
    for (size_t i = 0; host->protocol != NULL && i < sizeof protocols / sizeof *protocols; i++) {
        if (strcmp(protocols[i].name, host->protocol) == 0)
            return protocols[i].answers(lab, host);
    }
    return true;
}

bool probe_host(const struct lab *lab, const struct lab_host *host)
{
    return service_answers(lab, host) &&
           answers(lab, &stream, host->management_address, 22, NULL, "SSH-2.0");
}

int probe_wait(const struct lab *lab, const struct lab_host *host, int64_t patience,
               struct stop *stop, struct error *error)
{
    int64_t deadline = clock_now() + patience;

    for (;;) {
        if (stop_reason(stop) != 0)
            return stop_error(stop, error, "stopped while the host boots");
        if (probe_host(lab, host))
            return 0;
        if (clock_now() > deadline) {
            error_set(error, ERROR_UNREACHABLE, "the host does not answer");
            error_target(error, host->name);
            return error_hint(error, "its console is %s/%s/console", lab->state, host->name);
        }
        stop_wait_until(stop, clock_now() + QUESTION_INTERVAL);
    }
}
