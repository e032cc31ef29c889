/*
 * By how much a server's clock is ahead of the runner's, as its answers tell: the Date of an answer
 * is its time to the second, at some instant between the request and the answer. What several
 * answers leave possible is less than one alone does.
 */
#ifndef RUNNER_SERVER_CLOCK_H
#define RUNNER_SERVER_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "runner/http.h"

/* Zero it to start: then the server's clock is taken for the runner's. */
struct server_clock {
    int64_t least; /* ahead by at least this, ns */
    int64_t most;
    int64_t noted; /* when; 0: never */
};

/* Takes in an answer; `newest`: an instant of the server's clock that had passed then, or
 * INT64_MIN. One without a Date says nothing. */
void server_clock_note(struct server_clock *clock, const struct http_response *response,
                       int64_t newest);

/* By how much it is ahead, ns, and how wrong that may be; false before anything was noted. */
bool server_clock_offset(const struct server_clock *clock, int64_t *offset, int64_t *bound);

/* How far from certain it is, ns; 0 before anything was noted. */
int64_t server_clock_width(const struct server_clock *clock);

/*
 * The next instant of the runner's clock from `after` on at which a second of the server's clock
 * would end if it were ahead by the middle of what is possible: whether the Date of an answer
 * from then is of that second or of the next halves what is possible.
 */
int64_t server_clock_next_turn(const struct server_clock *clock, int64_t after);

/* The same of any clock: at `now` (runner's clock) it is ahead by `least` to `most`. */
void server_clock_bound(struct server_clock *clock, int64_t least, int64_t most, int64_t now);

/* Between which instants of the runner's clock it was `time` on the server's; 0 <= time < 2^62. */
void server_clock_range(const struct server_clock *clock, int64_t time, int64_t *from,
                        int64_t *until);

#endif
