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

/* Appends the rows of one; `columns` are the places of its metrics in the joined set. */
static void append_rows(struct dataset *joined, const struct dataset *from, const size_t *columns,
                        size_t source)
{
    for (size_t row = 0; row < from->rows; row++) {
        size_t place = joined->rows++;

        for (size_t i = 0; i < from->columns; i++)
            joined->values[place * joined->columns + columns[i]] =
                from->values[row * from->columns + i];
        joined->labels[place] = label_of(joined, from->label_names[from->labels[row]]);
        joined->experiments[place] = from->experiments[row];
        joined->times_ns[place] = from->times_ns[row];
        joined->sources[place] = source;
    }
}

static struct dataset *make(const struct dataset *training, const struct dataset *test)
{
    struct dataset *joined = memory_new(1, sizeof *joined);
    size_t rows = training->rows + test->rows;

    joined->target = memory_string(test->target);
    joined->columns = training->columns;
    joined->metrics = memory_new(joined->columns, sizeof *joined->metrics);
    for (size_t i = 0; i < joined->columns; i++)
        joined->metrics[i] = (struct dataset_metric){
            memory_string(training->metrics[i].name),
            memory_string(training->metrics[i].resource_group), training->metrics[i].counter};
    joined->values = memory_new(rows * joined->columns, sizeof(double));
    joined->labels = memory_new(rows, sizeof(size_t));
    joined->experiments = memory_new(rows, sizeof(int64_t));
    joined->times_ns = memory_new(rows, sizeof(int64_t));
    joined->sources = memory_new(rows, sizeof(size_t));
    join_labels(training, test, joined);
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
        append_rows(*joined, training, same, 0);
        append_rows(*joined, test, columns, 1);
    }
    free(same);
    free(columns);
    return result;
}
