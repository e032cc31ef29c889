/* What happens to a packet: how long it is held, and whether it is damaged or sent twice. */
#ifndef DELAY_LINE_EFFECTS_H
#define DELAY_LINE_EFFECTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum distribution { DISTRIBUTION_UNIFORM, DISTRIBUTION_NORMAL, DISTRIBUTION_PARETO };

struct effects {
    int64_t delay;  /* ns */
    int64_t jitter; /* ns: half the width of the uniform distribution, else the deviation */
    enum distribution distribution;
    bool in_order;     /* a packet never overtakes one before it, whatever the jitter */
    double overtaking; /* share that goes at once, past those that are held */
    double duplicated; /* share that goes twice */
    double damaged;    /* share of which one bit is wrong */
    double rate;       /* bits a second in all; 0 for any */

    uint64_t random;     /* state of the generator; not 0 */
    int64_t line_free;   /* when the last packet has gone at the rate */
    int64_t last_leaves; /* the latest yet */
};

/* The fate of one packet. */
struct fate {
    int64_t leaves; /* instant, ns */
    bool overtakes;
    bool goes_twice;
    bool is_damaged;
};

/* Draws the fate of a packet of so many bytes that came at that instant (monotonic, ns). */
struct fate effects_draw(struct effects *effects, int64_t arrival, size_t length);

/* Turns one bit of the packet. */
void effects_damage(struct effects *effects, unsigned char *bytes, size_t count);

#endif
