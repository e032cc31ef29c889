#include "analysis/pipeline_resample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/dataset.h"
#include "analysis/raw_observations.h"
#include "base/memory.h"

void resample_open(struct resample_sums *sums, size_t columns)
{
    *sums = (struct resample_sums){.columns = columns,
                                   .sums = memory_new(columns, sizeof *sums->sums),
                                   .counts = memory_new(columns, sizeof *sums->counts)};
}

void resample_close(struct resample_sums *sums)
{
    free(sums->sums);
    free(sums->counts);
}

void resample_add(struct resample_sums *sums, const double *row)
{
    for (size_t i = 0; i < sums->columns; i++) {
        if (isnan(row[i]))
            continue;
        sums->sums[i] += row[i];
        sums->counts[i]++;
    }
    sums->rows++;
}

void resample_take(struct resample_sums *sums, double *row)
{
    for (size_t i = 0; i < sums->columns; i++) {
        row[i] = sums->counts[i] > 0 ? sums->sums[i] / (double)sums->counts[i] : (double)NAN;
        sums->sums[i] = 0;
        sums->counts[i] = 0;
    }
    sums->rows = 0;
}

/* Where a data set is on its way; new rows are written over the old ones, which are never fewer. */
struct resampling {
    struct dataset *dataset;
    int64_t period_ns;
    struct resample_sums sums;
    size_t ramp;      /* among the data set's counts: what a row of several labels is */
    size_t rows;      /* made */
    int64_t first_ns; /* of the experiment */
    int64_t last_period;
};

static int64_t period_of(const struct resampling *resampling, int64_t time_ns)
{
    return (time_ns - resampling->first_ns) / resampling->period_ns;
}

/* The rows from `from` to before `until` become one. */
static void make_row(struct resampling *resampling, size_t from, size_t until)
{
    struct dataset_timeline *timeline = &resampling->dataset->timeline;
    size_t columns = resampling->dataset->columns;
    size_t row = resampling->rows++;
    int64_t period = period_of(resampling, timeline->times_ns[from]);
    bool begins = timeline->times_ns[from] == resampling->first_ns;
    size_t label = timeline->labels[from];
    size_t counted_as = timeline->counted_as[from];

    for (size_t i = from; i < until; i++) {
        resample_add(&resampling->sums, timeline->values + i * columns);
        if (timeline->counted_as[i] != counted_as) {
            label = DATASET_NONE;
            counted_as = resampling->ramp;
        }
    }
    resample_take(&resampling->sums, timeline->values + row * columns);
    timeline->labels[row] = label;
    timeline->counted_as[row] = counted_as;
    timeline->experiments[row] = timeline->experiments[from];
    timeline->times_ns[row] = timeline->times_ns[until - 1];
    timeline->sequences[row] =
        row == 0 ? 0
                 : timeline->sequences[row - 1] + (begins || period > resampling->last_period + 1);
    resampling->last_period = period;
}

static void make_rows(struct resampling *resampling)
{
    struct dataset_timeline *timeline = &resampling->dataset->timeline;

    for (size_t from = 0, until; from < timeline->rows; from = until) {
        if (from == 0 || timeline->experiments[from] != timeline->experiments[from - 1])
            resampling->first_ns = timeline->times_ns[from];
        for (until = from + 1; until < timeline->rows &&
                               timeline->experiments[until] == timeline->experiments[from] &&
                               period_of(resampling, timeline->times_ns[until]) ==
                                   period_of(resampling, timeline->times_ns[from]);)
            until++;
        make_row(resampling, from, until);
    }
    timeline->rows = resampling->rows;
    timeline->period_ns = resampling->period_ns;
}

/* The rows to train on and judge by, anew; what is known of their experiments stays. */
static void choose_rows(struct dataset *dataset)
{
    const struct dataset_timeline *timeline = &dataset->timeline;
    size_t count = 0;
    size_t old = 0;

    dataset->missing_values = 0;
    for (size_t i = 0; i < dataset->count_count; i++)
        dataset->counts[i].used = 0;
    for (size_t place = 0; place < timeline->rows; place++) {
        size_t label = timeline->labels[place];

        if (label == DATASET_NONE)
            continue;
        /* An experiment that has a row now had one before, and no fewer. */
        while (dataset->experiments[old] != timeline->experiments[place])
            old++;
        dataset->places[count] = place;
        dataset->labels[count] = label;
        dataset->experiments[count] = timeline->experiments[place];
        dataset->times_ns[count] = timeline->times_ns[place];
        dataset->intensities[count] = dataset->intensities[old];
        dataset->repetitions[count] = dataset->repetitions[old];
        dataset->counts[label].used++;
        for (size_t i = 0; i < dataset->columns; i++)
            dataset->missing_values += isnan(timeline->values[place * dataset->columns + i]) != 0;
        count++;
    }
    dataset->rows = count;
}

void pipeline_resample(struct dataset *dataset, int64_t period_ns)
{
    struct resampling resampling = {.dataset = dataset, .period_ns = period_ns};

    while (resampling.ramp < dataset->count_count &&
           strcmp(dataset->counts[resampling.ramp].label, LABEL_RAMP) != 0)
        resampling.ramp++;
    resample_open(&resampling.sums, dataset->columns);
    make_rows(&resampling);
    resample_close(&resampling.sums);
    choose_rows(dataset);
}
