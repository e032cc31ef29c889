#include "analysis/evaluation_series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/reconstruction.h"
#include "base/clock.h"
#include "base/memory.h"

static size_t place_of(struct group_ratios *ratios, const char *name)
{
    size_t i = 0;

    while (i < ratios->count && strcmp(ratios->names[i], name) != 0)
        i++;
    if (i == ratios->count)
        ratios->names[ratios->count++] = name;
    return i;
}

void group_ratios_open(const struct dataset *dataset, struct group_ratios *ratios)
{
    size_t size;

    *ratios = (struct group_ratios){.names = memory_new(dataset->columns, sizeof *ratios->names)};
    for (size_t i = 0; i < dataset->columns; i++)
        place_of(ratios, dataset->metrics[i].resource_group);
    size = dataset->timeline.rows * ratios->count;
    ratios->values = memory_new(size, sizeof *ratios->values);
    for (size_t i = 0; i < size; i++)
        ratios->values[i] = NAN;
}

void group_ratios_close(struct group_ratios *ratios)
{
    free(ratios->names);
    free(ratios->values);
}

void group_ratios_set(struct group_ratios *ratios, const struct model *model, const size_t *places,
                      size_t count, const double *errors)
{
    struct detector_errors description;
    size_t *place = NULL; /* per group of the model */
    double *means;

    model->detector->describe_errors(model->state, &description);
    place = memory_new(description.group_count, sizeof *place);
    means = memory_new(count * description.group_count, sizeof *means);
    for (size_t i = 0; i < model->preprocess.kept; i++)
        place[description.groups[i]] =
            place_of(ratios, model->metrics[model->preprocess.source[i]].resource_group);
    reconstruction_group_errors(&description, errors, count, model->preprocess.kept, means);
    for (size_t i = 0; i < count; i++) {
        for (size_t group = 0; group < description.group_count; group++)
            ratios->values[places[i] * ratios->count + place[group]] =
                means[i * description.group_count + group] / description.thresholds[group];
    }
    free(place);
    free(means);
}

static const char *name_of(const struct dataset *dataset, int64_t experiment)
{
    for (size_t i = 0; i < dataset->experiment_name_count; i++) {
        if (dataset->experiment_names[i].experiment == experiment)
            return dataset->experiment_names[i].name;
    }
    return "";
}

/* A group's errors in the rows from `from` to before `until`; none if all are unknown. */
static bool copy_group(const struct group_ratios *ratios, size_t group, size_t from, size_t until,
                       struct group_series *series)
{
    bool known = false;

    for (size_t row = from; row < until; row++)
        known = known || !isnan(ratios->values[row * ratios->count + group]);
    if (!known)
        return false;
    *series = (struct group_series){memory_string(ratios->names[group]),
                                    memory_new(until - from, sizeof *series->ratios), until - from};
    for (size_t row = from; row < until; row++)
        series->ratios[row - from] = ratios->values[row * ratios->count + group];
    return true;
}

static struct score_series make_series(const struct dataset *dataset, const double *scores,
                                       const struct group_ratios *ratios, size_t from, size_t until)
{
    const struct dataset_timeline *timeline = &dataset->timeline;
    size_t count = until - from;
    struct score_series series = {
        .experiment = memory_string(name_of(dataset, timeline->experiments[from])),
        .times_s = memory_new(count, sizeof *series.times_s),
        .scores = memory_new(count, sizeof *series.scores),
        .count = count,
        .groups = memory_new(ratios->count, sizeof *series.groups),
    };

    for (size_t i = 0; i < count; i++) {
        series.times_s[i] = (double)timeline->times_ns[from + i] / (double)CLOCK_SECOND;
        series.scores[i] = scores[from + i];
    }
    for (size_t group = 0; group < ratios->count; group++) {
        if (copy_group(ratios, group, from, until, &series.groups[series.group_count]))
            series.group_count++;
    }
    return series;
}

void evaluation_series(const struct dataset *dataset, const size_t *fold, const double *scores,
                       const struct group_ratios *ratios, struct detection_result *result)
{
    const struct dataset_timeline *timeline = &dataset->timeline;
    size_t capacity = 0;

    for (size_t from = 0, until; from < timeline->rows; from = until) {
        for (until = from + 1; until < timeline->rows && fold[until] == fold[from] &&
                               timeline->experiments[until] == timeline->experiments[from];)
            until++;
        if (fold[from] == DATASET_NONE)
            continue;
        result->series =
            memory_grow(result->series, result->series_count, &capacity, sizeof *result->series);
        result->series[result->series_count++] = make_series(dataset, scores, ratios, from, until);
    }
}
