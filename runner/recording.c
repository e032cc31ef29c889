#include "runner/recording.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/text.h"
#include "store/reader.h"
#include "store/store.h"

/* Sets of one collector that follow each other more often than this were recorded side by side. */
enum { FEWEST_ROWS_OF_A_SET = 4 };

/* From 1933 to 2116: what is reckoned with instants between these can be reckoned. */
#define EARLIEST (-(INT64_C(1) << 60))
#define LATEST (INT64_C(1) << 62)

struct reading {
    const struct recording_choice *choice;
    struct store *store;
    struct recording *recording;
    int64_t target_id;
    int64_t experiment_id; /* 0: all */
    char **names;          /* of what there is to choose from */
    size_t name_count;
    size_t name_capacity;
};

static void add_name(struct reading *reading, const char *name)
{
    reading->names = memory_grow(reading->names, reading->name_count, &reading->name_capacity,
                                 sizeof *reading->names);
    reading->names[reading->name_count++] = memory_string(name);
}

static void drop_names(struct reading *reading)
{
    while (reading->name_count > 0)
        free(reading->names[--reading->name_count]);
}

static int refuse_name(struct reading *reading, const char *kind, const char *name,
                       struct error *error)
{
    const char *nearest =
        string_nearest(name, (const char *const *)reading->names, reading->name_count);

    error_set(error, ERROR_INPUT, "the run %s has no %s '%s'", reading->choice->run, kind, name);
    return nearest != NULL ? error_hint(error, "did you mean '%s'?", nearest) : -1;
}

static int note_target(const struct stored_target *target, void *context, struct error *error)
{
    struct reading *reading = context;

    (void)error;
    add_name(reading, target->name);
    if (strcmp(target->name, reading->choice->target) == 0)
        reading->target_id = target->id;
    return 0;
}

static int note_experiment(const struct stored_experiment *experiment, void *context,
                           struct error *error)
{
    struct reading *reading = context;

    (void)error;
    add_name(reading, experiment->name);
    if (strcmp(experiment->name, reading->choice->experiment) == 0)
        reading->experiment_id = experiment->id;
    return 0;
}

static int find_names(struct reading *reading, struct error *error)
{
    if (store_each_target(reading->store, note_target, reading, error) < 0)
        return -1;
    if (reading->target_id == 0)
        return refuse_name(reading, "target", reading->choice->target, error);
    drop_names(reading);
    if (reading->choice->experiment[0] == '\0')
        return 0;
    if (store_each_experiment(reading->store, note_experiment, reading, error) < 0)
        return -1;
    return reading->experiment_id != 0
               ? 0
               : refuse_name(reading, "experiment", reading->choice->experiment, error);
}

static int note_set(int64_t id, int64_t target_id, const char *collector, void *context,
                    struct error *error)
{
    struct reading *reading = context;
    struct recording *recording = reading->recording;
    int64_t wanted = reading->choice->metric_set;

    (void)error;
    if (target_id != reading->target_id || (wanted != 0 && wanted != id))
        return 0;
    recording->sets =
        memory_resize(recording->sets, recording->set_count + 1, sizeof *recording->sets);
    recording->sets[recording->set_count++] =
        (struct recorded_set){.id = id, .collector = memory_string(collector)};
    return 0;
}

static int note_metric(size_t position, const struct store_metric *metric, void *context,
                       struct error *error)
{
    struct recorded_set *set = context;

    if (position != set->count)
        return error_set(error, ERROR_INPUT, "metric set %lld has no metric %zu",
                         (long long)set->id, set->count);
    set->metrics = memory_resize(set->metrics, set->count + 1, sizeof *set->metrics);
    set->metrics[set->count++] =
        (struct store_metric){.name = memory_string(metric->name),
                              .counter = metric->counter,
                              .resource_group = memory_string(metric->resource_group),
                              .layer = memory_string(metric->layer),
                              .unit = memory_string(metric->unit)};
    return 0;
}

static int read_sets(struct reading *reading, struct error *error)
{
    struct recording *recording = reading->recording;

    if (store_each_metric_set(reading->store, note_set, reading, error) < 0)
        return -1;
    if (recording->set_count == 0)
        return error_set(error, ERROR_INPUT, "the run %s has no such metric set of %s",
                         reading->choice->run, reading->choice->target);
    for (size_t i = 0; i < recording->set_count; i++) {
        if (store_each_metric(reading->store, recording->sets[i].id, note_metric,
                              &recording->sets[i], error) < 0)
            return -1;
    }
    return 0;
}

static void add_values(struct recording *recording, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        recording->values = memory_grow(recording->values, recording->value_count,
                                        &recording->value_capacity, sizeof *recording->values);
        recording->values[recording->value_count++] = values[i];
    }
}

static int note_observation(const struct stored_observation *observation, void *context,
                            struct error *error)
{
    struct reading *reading = context;
    struct recording *recording = reading->recording;
    size_t set = 0;

    (void)error;
    while (set < recording->set_count && recording->sets[set].id != observation->metric_set_id)
        set++;
    if (set == recording->set_count ||
        (reading->experiment_id != 0 && reading->experiment_id != observation->experiment_id))
        return 0;
    recording->rows = memory_grow(recording->rows, recording->row_count, &recording->row_capacity,
                                  sizeof *recording->rows);
    recording->rows[recording->row_count++] = (struct recorded_row){
        .experiment = observation->experiment_id,
        .set = set,
        .from = observation->window_start_ns, /* of the one before; see set_beginnings */
        .until = observation->time_ns,
        .first_value = recording->value_count,
    };
    add_values(recording, observation->values, observation->value_count);
    return 0;
}

/* A window begins where the values before it were read: that says how exactly they are known. */
static void set_beginnings(struct recording *recording)
{
    for (size_t i = 0; i < recording->row_count; i++) {
        struct recorded_row *row = &recording->rows[i];
        const struct recorded_row *next = row + 1;
        bool follows = i + 1 < recording->row_count && next->experiment == row->experiment &&
                       next->set == row->set && next->from <= row->until &&
                       (i == 0 || next->from > row[-1].until);

        row->from = follows ? next->from : row->until;
    }
}

static int compare(const void *one, const void *other)
{
    int64_t first = *(const int64_t *)one;
    int64_t second = *(const int64_t *)other;

    return (first > second) - (first < second);
}

/* The median: gaps between experiments don't count. */
static void find_spacing(struct recording *recording)
{
    size_t count = recording->row_count - 1;
    int64_t *spacings = memory_new(count, sizeof *spacings);

    recording->spacing = CLOCK_SECOND;
    for (size_t i = 0; i < count; i++)
        spacings[i] = recording->rows[i + 1].until - recording->rows[i].until;
    if (count > 1)
        qsort(spacings, count, sizeof *spacings, compare);
    if (count > 0 && spacings[count / 2] > 0)
        recording->spacing = spacings[count / 2];
    free(spacings);
}

static int refuse_sets(const struct reading *reading, const struct recorded_set *one,
                       const struct recorded_set *other, struct error *error)
{
    error_set(error, ERROR_INPUT, "several sources of %s were recorded in %s",
              reading->choice->target, reading->choice->run);
    return error_hint(
        error,
        "say which: metric-set=\"%lld\" (%s, %zu metrics) or metric-set=\"%lld\" (%s, "
        "%zu metrics)",
        (long long)one->id, one->collector, one->count, (long long)other->id, other->collector,
        other->count);
}

/* A set may follow another where a source came to have other metrics; one source has one at a time.
 */
static int check_sets(const struct reading *reading, struct error *error)
{
    const struct recording *recording = reading->recording;
    size_t changes = 0;

    for (size_t i = 1; i < recording->row_count; i++) {
        const struct recorded_set *one = &recording->sets[recording->rows[i - 1].set];
        const struct recorded_set *other = &recording->sets[recording->rows[i].set];

        changes += one != other;
        if (one != other && (strcmp(one->collector, other->collector) != 0 ||
                             changes > 1 + recording->row_count / FEWEST_ROWS_OF_A_SET))
            return refuse_sets(reading, one, other, error);
    }
    return 0;
}

/* Experiments come in the order in which they began; a clock that was set is none to follow. */
static int check_order(const struct reading *reading, struct error *error)
{
    const struct recording *recording = reading->recording;

    if (recording->row_count == 0)
        return error_set(error, ERROR_INPUT, "the run %s has no observation of %s",
                         reading->choice->run, reading->choice->target);
    for (size_t i = 0; i < recording->row_count; i++) {
        const struct recorded_row *row = &recording->rows[i];

        if (row->until < EARLIEST || row->until > LATEST)
            return error_set(error, ERROR_INPUT,
                             "an observation of the run %s has no possible time",
                             reading->choice->run);
        if (i > 0 && row->until < row[-1].until)
            return error_set(error, ERROR_INPUT,
                             "the observations of the run %s are not in the order of time",
                             reading->choice->run);
    }
    return 0;
}

static int read_all(struct reading *reading, struct error *error)
{
    if (find_names(reading, error) < 0 || read_sets(reading, error) < 0 ||
        store_each_observation(reading->store, reading->target_id, note_observation, reading,
                               error) < 0 ||
        check_order(reading, error) < 0 || check_sets(reading, error) < 0)
        return -1;
    set_beginnings(reading->recording);
    find_spacing(reading->recording);
    return 0;
}

int recording_read(const struct recording_choice *choice, struct recording *recording,
                   struct error *error)
{
    struct reading reading = {.choice = choice, .recording = recording};
    struct error closing = {0};
    int result;

    *recording = (struct recording){0};
    if (store_open(choice->run, STORE_READ, &reading.store, error) < 0)
        return -1;
    result = read_all(&reading, error);
    drop_names(&reading);
    free(reading.names);
    store_close(reading.store, &closing);
    return result;
}

static void free_set(struct recorded_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        free((char *)set->metrics[i].name);
        free((char *)set->metrics[i].resource_group);
        free((char *)set->metrics[i].layer);
        free((char *)set->metrics[i].unit);
    }
    free(set->metrics);
    free(set->collector);
}

void recording_free(struct recording *recording)
{
    for (size_t i = 0; i < recording->set_count; i++)
        free_set(&recording->sets[i]);
    free(recording->sets);
    free(recording->rows);
    free(recording->values);
    *recording = (struct recording){0};
}
