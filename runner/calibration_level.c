#include "runner/calibration_level.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

static struct calibration_level *level_at(struct calibration_levels *levels, double value)
{
    for (size_t i = 0; i < levels->count; i++) {
        if (levels->items[i].value == value)
            return &levels->items[i];
    }
    levels->items =
        memory_grow(levels->items, levels->count, &levels->capacity, sizeof *levels->items);
    levels->items[levels->count] = (struct calibration_level){.value = value, .achieved = NAN};
    return &levels->items[levels->count++];
}

const struct calibration_level *calibration_levels_add(struct calibration_levels *levels,
                                                       double value,
                                                       struct calibration_measurement *measurement)
{
    struct calibration_level *level = level_at(levels, value);
    size_t count = level->window_count + measurement->window_count;

    level->steps++;
    if (measurement->refused) {
        level->refused++;
        snprintf(level->reason, sizeof level->reason, "%s", measurement->reason);
    } else {
        level->windows = memory_resize(level->windows, count, sizeof *level->windows);
        if (measurement->window_count > 0)
            memcpy(level->windows + level->window_count, measurement->windows,
                   measurement->window_count * sizeof *level->windows);
        level->window_count = count;
        level->created += measurement->created;
        level->succeeded += measurement->succeeded;
        level->covered += measurement->covered;
        level->offered = measurement->offered;
        level->achieved = measurement->achieved;
    }
    free(measurement->windows);
    measurement->windows = NULL;
    return level;
}

const struct calibration_level *calibration_levels_find(const struct calibration_levels *levels,
                                                        double value)
{
    for (size_t i = 0; i < levels->count; i++) {
        if (levels->items[i].value == value)
            return &levels->items[i];
    }
    return NULL;
}

void calibration_levels_free(struct calibration_levels *levels)
{
    for (size_t i = 0; i < levels->count; i++)
        free(levels->items[i].windows);
    free(levels->items);
    *levels = (struct calibration_levels){0};
}

struct failed_share calibration_level_failures(const struct calibration_level *level)
{
    return failed_share_of(level->windows, level->window_count);
}

struct failed_share calibration_level_lost(const struct calibration_level *level)
{
    int64_t lost = level->created - level->succeeded;

    return failed_share_of_sums(level->created, lost > 0 ? lost : 0,
                                calibration_level_failures(level).spread);
}

double calibration_level_rate(const struct calibration_level *level)
{
    if (level->covered == 0)
        return 0;
    return (double)level->created * (double)CLOCK_SECOND / (double)level->covered;
}

static bool is_short(const struct calibration_level *level, double least_rate)
{
    return calibration_level_rate(level) < least_rate * level->offered;
}

enum calibration_answer calibration_level_answer(const struct calibration_level *level,
                                                 const struct failed_share *share, double limit,
                                                 double least_rate)
{
    if (2 * level->refused > level->steps)
        return ANSWER_BEYOND;
    if (2 * level->refused == level->steps || share->calls == 0)
        return ANSWER_UNCLEAR;
    if (is_short(level, least_rate))
        return ANSWER_BEYOND;
    if (share->most <= limit)
        return ANSWER_WITHIN;
    return share->least > limit ? ANSWER_BEYOND : ANSWER_UNCLEAR;
}

bool calibration_level_lacks_generator(const struct calibration_level *level, double lost_limit,
                                       double least_rate)
{
    return level->steps > level->refused && is_short(level, least_rate) &&
           calibration_level_lost(level).share <= lost_limit;
}
