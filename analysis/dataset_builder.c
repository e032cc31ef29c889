#include "analysis/dataset_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/counter_rate.h"
#include "base/memory.h"

/* The row under way and what is needed for the next differences. */
struct builder {
    struct dataset *dataset;
    const struct raw_observations *raw;
    size_t **columns_of_set; /* per set and position: its column */
    double *row;
    uint8_t *filled;                /* per column: a part of this row has brought it */
    struct counter_state *counters; /* per column */
    size_t *used_label; /* per raw label: index in label_names, or DATASET_NONE if left out */
    size_t *count_of;   /* per raw label: index in counts */
    size_t ramp;        /* raw label of a row whose parts disagree */
    size_t invalid;     /* raw label of what no experiment vouches for */
    bool begun;
    bool first_of_experiment;
    int64_t cell;
    int64_t time_ns;
    size_t label;
    size_t resets;
};

/* Normal first, then fault types by name, then what is left out by name. */
static int compare_labels(const void *left, const void *right)
{
    const char *a = ((const struct label_count *)left)->label;
    const char *b = ((const struct label_count *)right)->label;
    int by_use = label_is_left_out(a) - label_is_left_out(b);
    int by_normal = (strcmp(b, LABEL_NORMAL) == 0) - (strcmp(a, LABEL_NORMAL) == 0);

    if (by_use != 0)
        return by_use;
    return by_normal != 0 ? by_normal : strcmp(a, b);
}

/* Finds the place of a raw label in the sorted counts, and names it if it is used. */
static void place_label(struct builder *builder, size_t place)
{
    struct dataset *dataset = builder->dataset;
    const char *name = dataset->counts[place].label;
    size_t label = 0;

    while (strcmp(builder->raw->labels[label], name) != 0)
        label++;
    builder->count_of[label] = place;
    builder->used_label[label] = DATASET_NONE;
    if (strcmp(name, LABEL_RAMP) == 0)
        builder->ramp = label;
    if (strcmp(name, LABEL_INVALID) == 0)
        builder->invalid = label;
    if (label_is_left_out(name))
        return;
    builder->used_label[label] = dataset->label_count;
    dataset->label_names[dataset->label_count++] = memory_string(name);
}

static void name_labels(struct builder *builder)
{
    struct dataset *dataset = builder->dataset;
    const struct raw_observations *raw = builder->raw;

    dataset->counts = memory_new(raw->label_count, sizeof *dataset->counts);
    dataset->count_count = raw->label_count;
    dataset->label_names = memory_new(raw->label_count, sizeof(char *));
    for (size_t i = 0; i < raw->label_count; i++)
        dataset->counts[i].label = memory_string(raw->labels[i]);
    qsort(dataset->counts, raw->label_count, sizeof *dataset->counts, compare_labels);
    builder->used_label = memory_new(raw->label_count, sizeof(size_t));
    builder->count_of = memory_new(raw->label_count, sizeof(size_t));
    for (size_t i = 0; i < raw->label_count; i++)
        place_label(builder, i);
}

/* Whether the target has metrics of more than one layer. */
static bool has_layers(const struct raw_observations *raw)
{
    const char *first = NULL;

    for (size_t i = 0; i < raw->set_count; i++) {
        for (size_t j = 0; j < raw->sets[i].metric_count; j++) {
            const char *layer = raw->sets[i].metrics[j].layer;

            if (first != NULL && strcmp(first, layer) != 0)
                return true;
            first = layer;
        }
    }
    return false;
}

/* The same resource group of two layers is two groups (SYRROCA, section III-A). */
static char *group_of(const struct raw_metric *metric, bool layers)
{
    return layers ? memory_format("%s %s", metric->layer, metric->resource_group)
                  : memory_string(metric->resource_group);
}

static size_t column_of(struct dataset *dataset, const struct raw_metric *metric, bool layers,
                        size_t *capacity)
{
    size_t i = 0;

    while (i < dataset->columns && (strcmp(dataset->metrics[i].name, metric->name) != 0 ||
                                    dataset->metrics[i].counter != metric->counter))
        i++;
    if (i == dataset->columns) {
        dataset->metrics =
            memory_grow(dataset->metrics, dataset->columns++, capacity, sizeof *dataset->metrics);
        dataset->metrics[i] = (struct dataset_metric){memory_string(metric->name),
                                                      group_of(metric, layers), metric->counter};
    }
    return i;
}

/* One column for every metric of any set of the target. */
static void make_columns(struct builder *builder)
{
    struct dataset *dataset = builder->dataset;
    bool layers = has_layers(builder->raw);
    size_t capacity = 0;

    builder->columns_of_set = memory_new(builder->raw->set_count, sizeof(size_t *));
    for (size_t i = 0; i < builder->raw->set_count; i++) {
        const struct raw_set *set = &builder->raw->sets[i];

        builder->columns_of_set[i] = memory_new(set->metric_count, sizeof(size_t));
        for (size_t j = 0; j < set->metric_count; j++)
            builder->columns_of_set[i][j] = column_of(dataset, &set->metrics[j], layers, &capacity);
    }
    builder->row = memory_new(dataset->columns, sizeof(double));
    builder->filled = memory_new(dataset->columns, sizeof(uint8_t));
    builder->counters = memory_new(dataset->columns, sizeof *builder->counters);
    dataset_make_rows(dataset, builder->raw->row_count, builder->raw->row_count);
    dataset->timeline.counted_as = memory_new(builder->raw->row_count, sizeof(size_t));
}

/* The row just ended becomes one of the timeline; returns its place. */
static size_t add_to_timeline(struct builder *builder, size_t label)
{
    struct dataset_timeline *timeline = &builder->dataset->timeline;
    size_t columns = builder->dataset->columns;
    size_t row = timeline->rows++;
    bool neighbour = row > 0 && timeline->experiments[row - 1] == builder->cell &&
                     builder->time_ns - timeline->times_ns[row - 1] <=
                         timeline->period_ns + timeline->period_ns / 2;

    memcpy(timeline->values + row * columns, builder->row, columns * sizeof(double));
    timeline->labels[row] = label;
    timeline->counted_as[row] = builder->count_of[builder->label];
    timeline->experiments[row] = builder->cell;
    timeline->times_ns[row] = builder->time_ns;
    timeline->sequences[row] = row == 0 ? 0 : timeline->sequences[row - 1] + !neighbour;
    return row;
}

static void use_row(struct builder *builder, size_t label, size_t place)
{
    struct dataset *dataset = builder->dataset;
    size_t row = dataset->rows;

    dataset->counts[builder->count_of[builder->label]].used++;
    if (row == 0 || dataset->experiments[row - 1] != builder->cell)
        dataset->experiment_count++;
    for (size_t i = 0; i < dataset->columns; i++)
        dataset->missing_values += isnan(builder->row[i]);
    dataset->places[row] = place;
    dataset->labels[row] = label;
    dataset->experiments[row] = builder->cell;
    dataset->times_ns[row] = builder->time_ns;
    dataset->counter_resets += builder->resets;
    dataset->rows++;
}

static void end_row(struct builder *builder)
{
    struct dataset *dataset = builder->dataset;
    size_t used;
    size_t place;

    if (!builder->begun)
        return;
    used = builder->used_label[builder->label];
    dataset->counts[builder->count_of[builder->label]].observations++;
    if (builder->label == builder->invalid)
        return;
    if (builder->first_of_experiment) {
        dataset->first_observations += used != DATASET_NONE;
        return;
    }
    place = add_to_timeline(builder, used);
    if (used != DATASET_NONE)
        use_row(builder, used, place);
}

static void begin_row(struct builder *builder, const struct raw_row *raw)
{
    builder->first_of_experiment = !builder->begun || builder->cell != raw->cell;
    builder->begun = true;
    builder->cell = raw->cell;
    builder->time_ns = raw->time_ns;
    builder->label = raw->label;
    builder->resets = 0;
    for (size_t i = 0; i < builder->dataset->columns; i++) {
        builder->row[i] = NAN;
        builder->filled[i] = 0;
        if (builder->first_of_experiment)
            builder->counters[i].value = NAN;
    }
}

/* Another collector's part of the row under way: same instant, and no metric twice. */
static bool belongs_to_row(const struct builder *builder, const struct raw_row *raw)
{
    const size_t *columns = builder->columns_of_set[raw->set];

    if (!builder->begun || raw->cell != builder->cell ||
        raw->time_ns - builder->time_ns > builder->raw->period_ns / 2)
        return false;
    for (size_t i = 0; i < builder->raw->sets[raw->set].metric_count; i++) {
        if (builder->filled[columns[i]])
            return false;
    }
    return true;
}

static void add_part(struct builder *builder, const struct raw_row *raw)
{
    const struct raw_set *set = &builder->raw->sets[raw->set];

    if (raw->label != builder->label)
        builder->label = builder->ramp;
    for (size_t i = 0; i < set->metric_count; i++) {
        size_t column = builder->columns_of_set[raw->set][i];
        double value = builder->raw->values[raw->first_value + i];
        bool reset;

        value = isfinite(value) ? value : NAN;
        builder->filled[column] = 1;
        if (!set->metrics[i].counter) {
            builder->row[column] = value;
            continue;
        }
        builder->row[column] =
            counter_rate(&builder->counters[column], value, raw->time_ns, &reset);
        builder->resets += reset;
    }
}

static void free_builder(struct builder *builder)
{
    for (size_t i = 0; i < builder->raw->set_count; i++)
        free(builder->columns_of_set[i]);
    free(builder->columns_of_set);
    free(builder->row);
    free(builder->filled);
    free(builder->counters);
    free(builder->used_label);
    free(builder->count_of);
}

void dataset_build(struct dataset *dataset, const struct raw_observations *raw)
{
    struct builder builder = {.dataset = dataset, .raw = raw};

    dataset->monitoring_period_ns = dataset->timeline.period_ns = raw->period_ns;
    name_labels(&builder);
    make_columns(&builder);
    for (size_t i = 0; i < raw->row_count; i++) {
        if (!belongs_to_row(&builder, &raw->rows[i])) {
            end_row(&builder);
            begin_row(&builder, &raw->rows[i]);
        }
        add_part(&builder, &raw->rows[i]);
    }
    end_row(&builder);
    free_builder(&builder);
}
