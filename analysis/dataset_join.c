#include "analysis/dataset_join.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool is_same(const struct dataset_metric *a, const struct dataset_metric *b)
{
    return a->counter == b->counter && strcmp(a->name, b->name) == 0;
}

/* The column of each metric of `from` in `to`, found from where the one before was. */
static int map_columns(const struct dataset *from, const struct dataset *to, const char *in,
                       size_t *columns, struct error *error)
{
    size_t next = 0;

    for (size_t i = 0; i < from->columns; i++) {
        size_t tried = 0;

        while (tried < to->columns && !is_same(&from->metrics[i], &to->metrics[next])) {
            next = (next + 1) % to->columns;
            tried++;
        }
        if (tried == to->columns) {
            error_set(error, ERROR_INPUT, "the %s run has no %s '%s'", in,
                      from->metrics[i].counter ? "counter" : "gauge", from->metrics[i].name);
            return error_target(error, from->target);
        }
        columns[i] = next;
    }
    return 0;
}

static size_t label_of(struct dataset *joined, const char *name)
{
    size_t i = 0;

    while (i < joined->label_count && strcmp(joined->label_names[i], name) != 0)
        i++;
    if (i == joined->label_count)
        joined->label_names[joined->label_count++] = memory_string(name);
    return i;
}

/* Of labels after 'normal', which is first in both. */
static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void join_labels(const struct dataset *training, const struct dataset *test,
                        struct dataset *joined)
{
    joined->label_names =
        memory_new(training->label_count + test->label_count, sizeof *joined->label_names);
    for (size_t i = 0; i < training->label_count; i++)
        label_of(joined, training->label_names[i]);
    for (size_t i = 0; i < test->label_count; i++)
        label_of(joined, test->label_names[i]);
    if (joined->label_count > 1)
        qsort(joined->label_names + 1, joined->label_count - 1, sizeof *joined->label_names,
              by_name);
}

static size_t joined_label(struct dataset *joined, const struct dataset *from, size_t label)
{
    return label == DATASET_NONE ? label : label_of(joined, from->label_names[label]);
}

/* Both runs number their experiments alike: those trained on (source 0) get numbers below 0. */
static int64_t joined_experiment(int64_t experiment, size_t source)
{
    return source == 0 ? -1 - experiment : experiment;
}

/* Appends the timeline of one; `columns` are the places of its metrics in the joined set. */
static void append_timeline(struct dataset *joined, const struct dataset *from,
                            const size_t *columns, size_t source)
{
    struct dataset_timeline *timeline = &joined->timeline;
    size_t sequence = timeline->rows > 0 ? timeline->sequences[timeline->rows - 1] + 1 : 0;

    for (size_t row = 0; row < from->timeline.rows; row++) {
        size_t place = timeline->rows++;

        for (size_t i = 0; i < from->columns; i++)
            timeline->values[place * joined->columns + columns[i]] =
                from->timeline.values[row * from->columns + i];
        timeline->labels[place] = joined_label(joined, from, from->timeline.labels[row]);
        timeline->experiments[place] = joined_experiment(from->timeline.experiments[row], source);
        timeline->times_ns[place] = from->timeline.times_ns[row];
        timeline->sequences[place] = sequence + from->timeline.sequences[row];
    }
}

/* Appends the rows and the timeline of one. */
static void append(struct dataset *joined, const struct dataset *from, const size_t *columns,
                   size_t source)
{
    size_t first = joined->timeline.rows;

    append_timeline(joined, from, columns, source);
    for (size_t row = 0; row < from->rows; row++) {
        size_t place = joined->rows++;

        joined->places[place] = first + from->places[row];
        joined->labels[place] = joined_label(joined, from, from->labels[row]);
        joined->experiments[place] = joined_experiment(from->experiments[row], source);
        joined->times_ns[place] = from->times_ns[row];
        joined->sources[place] = source;
    }
}

static void copy_names(struct dataset *joined, const struct dataset *test)
{
    joined->experiment_names =
        memory_new(test->experiment_name_count, sizeof *joined->experiment_names);
    joined->experiment_name_count = test->experiment_name_count;
    for (size_t i = 0; i < test->experiment_name_count; i++)
        joined->experiment_names[i] = (struct experiment_name){
            test->experiment_names[i].experiment, memory_string(test->experiment_names[i].name)};
}

static void copy_faults(struct dataset *joined, const struct dataset *test)
{
    joined->faults = memory_new(test->fault_count, sizeof *joined->faults);
    joined->fault_count = test->fault_count;
    for (size_t i = 0; i < test->fault_count; i++) {
        joined->faults[i] = test->faults[i];
        joined->faults[i].experiment_name = memory_string(test->faults[i].experiment_name);
        joined->faults[i].target = memory_string(test->faults[i].target);
        joined->faults[i].type = memory_string(test->faults[i].type);
        joined->faults[i].intensity = memory_string(test->faults[i].intensity);
    }
}

static struct dataset *make(const struct dataset *training, const struct dataset *test)
{
    struct dataset *joined = memory_new(1, sizeof *joined);

    joined->target = memory_string(test->target);
    joined->columns = training->columns;
    joined->metrics = memory_new(joined->columns, sizeof *joined->metrics);
    for (size_t i = 0; i < joined->columns; i++)
        joined->metrics[i] = (struct dataset_metric){
            memory_string(training->metrics[i].name),
            memory_string(training->metrics[i].resource_group), training->metrics[i].counter};
    dataset_make_rows(joined, training->rows + test->rows,
                      training->timeline.rows + test->timeline.rows);
    joined->sources = memory_new(training->rows + test->rows, sizeof *joined->sources);
    joined->timeline.period_ns = test->timeline.period_ns;
    joined->monitoring_period_ns = test->monitoring_period_ns;
    joined->pipeline = test->pipeline;
    join_labels(training, test, joined);
    copy_names(joined, test);
    copy_faults(joined, test);
    return joined;
}

int dataset_join(const struct dataset *training, const struct dataset *test,
                 struct dataset **joined, struct error *error)
{
    size_t *same = memory_new(training->columns, sizeof *same);
    size_t *columns = memory_new(test->columns, sizeof *columns);
    int result = map_columns(training, test, "tested", same, error);

    if (result == 0)
        result = map_columns(test, training, "training", columns, error);
    if (result == 0) {
        *joined = make(training, test);
        for (size_t i = 0; i < training->columns; i++)
            same[i] = i;
        append(*joined, training, same, 0);
        append(*joined, test, columns, 1);
    }
    free(same);
    free(columns);
    return result;
}
