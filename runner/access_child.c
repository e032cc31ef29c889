#include "runner/access_child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"

#define MOST_READ ((size_t)1024 * 1024) /* of one output in one exchange */
#define LONGEST_WAIT (1 * CLOCK_SECOND)
#define PAUSE (5 * CLOCK_MILLISECOND)

int child_channel_start(struct child_channel *channel, const char *const argv[],
                        struct error *error)
{
    channel->wants_room = false;
    if (child_start(argv, &channel->child, error) < 0)
        return -1;
    fcntl(channel->child.input, F_SETFL, O_NONBLOCK);
    fcntl(channel->child.output, F_SETFL, O_NONBLOCK);
    fcntl(channel->child.errors, F_SETFL, O_NONBLOCK);
    return 0;
}

void child_channel_drain(int *descriptor, struct text *text)
{
    char buffer[32 * 1024];
    size_t total = 0;

    while (*descriptor >= 0 && total < MOST_READ) {
        ssize_t count = read(*descriptor, buffer, sizeof buffer);

        if (count > 0) {
            text_append_bytes(text, buffer, (size_t)count);
            total += (size_t)count;
        } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
            child_close(descriptor);
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

size_t child_channel_feed(struct child_channel *channel, const char *input, size_t length)
{
    size_t taken = 0;

    while (taken < length && channel->child.input >= 0) {
        ssize_t count = write(channel->child.input, input + taken, length - taken);

        if (count > 0)
            taken += (size_t)count;
        else if (errno == EAGAIN)
            break;
        else if (errno != EINTR)
            child_close(&channel->child.input);
    }
    channel->wants_room = channel->child.input >= 0 && taken < length;
    return channel->child.input >= 0 ? taken : length;
}

void child_channel_wait(const struct child_channel *channel, const struct stop *gone,
                        int64_t deadline, struct stop *stop)
{
    bool closed = channel->child.output < 0 && channel->child.errors < 0;
    /* Between the end of its outputs and its own nothing tells. */
    int64_t most = closed ? PAUSE : LONGEST_WAIT;
    int64_t left = deadline - clock_now();
    struct pollfd watch[] = {
        {.fd = channel->child.output, .events = POLLIN},
        {.fd = channel->child.errors, .events = POLLIN},
        {.fd = channel->wants_room ? channel->child.input : -1, .events = POLLOUT},
        {.fd = gone->descriptor, .events = POLLIN},
        {.fd = stop == NULL ? -1 : stop->descriptor, .events = POLLIN},
    };

    if (left > most)
        left = most;
    if (left > 0)
        (void)poll(watch, sizeof watch / sizeof watch[0], (int)(left / CLOCK_MILLISECOND) + 1);
}

int child_no_endpoints(void *connection, struct text *text, struct error *error)
{
    (void)connection;
    (void)text;
    (void)error;
    return 0;
}
