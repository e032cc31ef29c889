#include "effects.h"

#include <math.h>

#define TURN 6.283185307179586

/* xorshift64* (Vigna 2016): good enough for shares, and the same everywhere. */
static uint64_t next(struct effects *effects)
{
    effects->random ^= effects->random >> 12;
    effects->random ^= effects->random << 25;
    effects->random ^= effects->random >> 27;
    return effects->random * UINT64_C(2685821657736338717);
}

static double unit(struct effects *effects) /* over 0, up to 1 */
{
    return ((double)(next(effects) >> 11) + 1) * 0x1p-53;
}

static bool happens(struct effects *effects, double share)
{
    return share > 0 && unit(effects) <= share;
}

/* Of mean 0; in units of the jitter. Pareto is that of netem's table: shape 3, brought to mean 0
 * and deviation 1, cut off at 4. */
static double draw(struct effects *effects)
{
    double one = unit(effects);

    switch (effects->distribution) {
    case DISTRIBUTION_NORMAL:
        return sqrt(-2 * log(one)) * cos(TURN * unit(effects));
    case DISTRIBUTION_PARETO:
        return fmin((1 / cbrt(one) - 1.5) / 0.8660254037844386, 4);
    case DISTRIBUTION_UNIFORM:
        break;
    }
    return 2 * one - 1;
}

/* When the packet has gone over a line of the rate, behind all before it. */
static int64_t over_line(struct effects *effects, int64_t arrival, size_t length)
{
    if (effects->rate <= 0)
        return arrival;
    if (effects->line_free < arrival)
        effects->line_free = arrival;
    effects->line_free += (int64_t)((double)length * 8e9 / effects->rate);
    return effects->line_free;
}

struct fate effects_draw(struct effects *effects, int64_t arrival, size_t length)
{
    struct fate fate = {.leaves = arrival};
    int64_t held = effects->delay;

    fate.overtakes = happens(effects, effects->overtaking);
    fate.goes_twice = happens(effects, effects->duplicated);
    fate.is_damaged = happens(effects, effects->damaged);
    if (fate.overtakes)
        return fate;
    if (effects->jitter > 0)
        held += (int64_t)(draw(effects) * (double)effects->jitter);
    fate.leaves = over_line(effects, arrival, length) + (held > 0 ? held : 0);
    if (effects->in_order && fate.leaves < effects->last_leaves)
        fate.leaves = effects->last_leaves;
    if (fate.leaves > effects->last_leaves)
        effects->last_leaves = fate.leaves;
    return fate;
}

void effects_damage(struct effects *effects, unsigned char *bytes, size_t count)
{
    uint64_t bit = next(effects) % ((uint64_t)count * 8);

    bytes[bit / 8] ^= (unsigned char)(1U << (bit % 8));
}
