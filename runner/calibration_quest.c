#include "runner/calibration_quest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

struct failed_share quest_share(const struct quest *quest, const struct calibration_level *level)
{
    return quest->goal == CALIBRATE_SATURATION ? calibration_level_lost(level)
                                               : calibration_level_failures(level);
}

enum calibration_answer quest_answer(const struct quest *quest,
                                     const struct calibration_level *level)
{
    struct failed_share share = quest_share(quest, level);

    return calibration_level_answer(level, &share, quest->limit, quest->least_rate);
}

struct search_result quest_next(const struct quest *quest)
{
    const struct calibration_levels *levels = quest->levels;
    struct search_point *points = memory_new(levels->count, sizeof *points);
    struct search_result result;

    for (size_t i = 0; i < levels->count; i++)
        points[i] = (struct search_point){
            .value = levels->items[i].value,
            .answer = quest_answer(quest, &levels->items[i]),
            .steps = levels->items[i].steps,
        };
    result = search_next(&quest->range, points, levels->count);
    free(points);
    return result;
}

static enum calibration_limit limit_at(const struct quest *quest,
                                       const struct calibration_level *beyond)
{
    if (beyond == NULL)
        return LIMIT_RANGE;
    if (2 * beyond->refused >= beyond->steps)
        return LIMIT_REFUSED;
    if (calibration_level_lacks_generator(beyond, SATURATION_LOSS, quest->least_rate))
        return LIMIT_GENERATOR;
    return LIMIT_FAILURES;
}

struct calibration_finding quest_finding(const struct quest *quest,
                                         const struct search_result *result,
                                         const struct campaign *campaign)
{
    const struct calibration_level *beyond = calibration_levels_find(quest->levels, result->beyond);
    const struct calibration_level *level =
        result->state == SEARCH_FOUND ? calibration_levels_find(quest->levels, result->value)
                                      : beyond;
    bool is_fault = quest->goal == CALIBRATE_INTENSITY;
    struct calibration_finding finding = {
        .goal = quest->goal,
        .fault_type = is_fault ? campaign->faults[quest->fault].type : NULL,
        .target = quest->target,
        .unit = quest->unit,
        .found = result->state == SEARCH_FOUND,
        .value = level->value,
        .beyond = result->beyond,
        .limit = limit_at(quest, beyond),
        .failures = quest_share(quest, level),
        .rate = calibration_level_rate(level),
        .achieved = is_fault ? level->achieved : NAN,
        .steps = level->steps,
    };

    if (beyond != NULL)
        snprintf(finding.reason, sizeof finding.reason, "%s", beyond->reason);
    return finding;
}
