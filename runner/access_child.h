/* Inside of the access room: a program on this machine as the channel of a method. */
#ifndef RUNNER_ACCESS_CHILD_H
#define RUNNER_ACCESS_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/child.h"
#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"

struct child_channel {
    struct child child;
    bool wants_room; /* there is input that the pipe did not take */
};

/* Starts argv[0] (looked up in PATH). */
int child_channel_start(struct child_channel *channel, const char *const argv[],
                        struct error *error);

/* Takes what there is, at most about 1 MB; closes the descriptor at its end. */
void child_channel_drain(int *descriptor, struct text *text);

/* Hands on what the program takes of the input, and returns how much. One that reads no more drops
 * it all. */
size_t child_channel_feed(struct child_channel *channel, const char *input, size_t length);

/* Waits until something may move, until `deadline`, or until `stop` (may be NULL) or `gone` is
 * asked for. */
void child_channel_wait(const struct child_channel *channel, const struct stop *gone,
                        int64_t deadline, struct stop *stop);

/* The `endpoints` of a method whose way does not lead through the host's network: nothing there is
 * to be exempt from faults. */
int child_no_endpoints(void *connection, struct text *text, struct error *error);

#endif
