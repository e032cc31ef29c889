#include "runner/server_clock.h"

#include "base/clock.h"

/* Two clocks drift apart by less than one part in so many. */
enum { DRIFT_PARTS = 5000 };

static int64_t smaller(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

static int64_t larger(int64_t one, int64_t other)
{
    return one > other ? one : other;
}

void server_clock_bound(struct server_clock *clock, int64_t least, int64_t most, int64_t now)
{
    int64_t drift = (now - clock->noted) / DRIFT_PARTS;

    /* Where nothing is left that both say, the clock was set meanwhile. */
    if (clock->noted != 0 && clock->least - drift <= most && clock->most + drift >= least) {
        least = larger(least, clock->least - drift);
        most = smaller(most, clock->most + drift);
    }
    *clock = (struct server_clock){least, most, now};
}

void server_clock_note(struct server_clock *clock, const struct http_response *response,
                       int64_t newest)
{
    int64_t least = response->date - response->ended;
    int64_t most = response->date + CLOCK_SECOND - response->began;

    if (response->date == 0)
        return;
    if (newest != INT64_MIN)
        least = smaller(larger(least, newest - response->ended), most);
    server_clock_bound(clock, least, most, response->ended);
}

int64_t server_clock_width(const struct server_clock *clock)
{
    return clock->most - clock->least;
}

bool server_clock_offset(const struct server_clock *clock, int64_t *offset, int64_t *bound)
{
    *bound = server_clock_width(clock) / 2;
    *offset = clock->least + *bound;
    return clock->noted != 0;
}

int64_t server_clock_next_turn(const struct server_clock *clock, int64_t after)
{
    int64_t middle;
    int64_t bound;
    int64_t into_second;

    server_clock_offset(clock, &middle, &bound);
    into_second = (after + middle) % CLOCK_SECOND;
    if (into_second < 0)
        into_second += CLOCK_SECOND;
    return into_second == 0 ? after : after + CLOCK_SECOND - into_second;
}

void server_clock_range(const struct server_clock *clock, int64_t time, int64_t *from,
                        int64_t *until)
{
    *from = time - clock->most;
    *until = time - clock->least;
}
