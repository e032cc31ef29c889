#include "cli/export_numpy.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/dataset.h"
#include "analysis/report_text.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cli/export.h"
#include "cli/npz.h"

struct numpy_export {
    struct npz *npz;
    struct name_list folders; /* in the file: one a target */
    size_t rows;              /* of all targets */
};

static const char *metric_of(const struct dataset *dataset, size_t column)
{
    return dataset->metrics[column].name;
}

static const char *resource_group_of(const struct dataset *dataset, size_t column)
{
    return dataset->metrics[column].resource_group;
}

static bool is_counter(const struct dataset *dataset, size_t column)
{
    return dataset->metrics[column].counter;
}

static const char *label_of(const struct dataset *dataset, size_t row)
{
    return dataset->counts[dataset->timeline.counted_as[row]].label;
}

static bool is_used(const struct dataset *dataset, size_t row)
{
    return dataset->timeline.labels[row] != DATASET_NONE;
}

static const char *experiment_of(const struct dataset *dataset, size_t row)
{
    size_t i = 0;

    while (i < dataset->experiment_name_count &&
           dataset->experiment_names[i].experiment != dataset->timeline.experiments[row])
        i++;
    return i < dataset->experiment_name_count ? dataset->experiment_names[i].name : "";
}

static int64_t time_of(const struct dataset *dataset, size_t row)
{
    return dataset->timeline.times_ns[row];
}

static int64_t sequence_of(const struct dataset *dataset, size_t row)
{
    return (int64_t)dataset->timeline.sequences[row];
}

/* Arrays of a target beside its values: an item a metric or one a row, of one of three kinds. */
static const struct array {
    const char *name;
    bool per_metric;
    const char *(*text)(const struct dataset *dataset, size_t i);
    bool (*flag)(const struct dataset *dataset, size_t i);
    int64_t (*integer)(const struct dataset *dataset, size_t i);
} arrays[] = {
    {"metrics", true, metric_of, NULL, NULL},
    {"resource_groups", true, resource_group_of, NULL, NULL},
    {"counters", true, NULL, is_counter, NULL},
    {"labels", false, label_of, NULL, NULL},
    {"used", false, NULL, is_used, NULL},
    {"experiments", false, experiment_of, NULL, NULL},
    {"times_ns", false, NULL, NULL, time_of},
    {"sequences", false, NULL, NULL, sequence_of},
};

/* What may stand in a folder's name on any system that unpacks the file. */
static bool fits(uint32_t code, size_t length)
{
    return length > 0 && code >= 0x20 && (code < 0x7f || code > 0x9f) && code != '/' &&
           code != '\\' && code != ':';
}

/* Appends the target's name as one of a folder that is nowhere but below the folder it is in. */
static void append_folder(struct text *folder, const char *target)
{
    enum { LONGEST = 200 };

    while (*target != '\0' && folder->length < LONGEST) {
        uint32_t code;
        size_t length = utf8_decode(target, &code);

        if (fits(code, length))
            text_append_bytes(folder, target, length);
        else
            text_append(folder, "_");
        target += length > 0 ? length : 1;
    }
    if (strspn(text_string(folder), ".") == folder->length)
        text_append(folder, "_");
}

/* A folder of the target's own, and a warning if it is not its name. Owned by the export. */
static const char *choose_folder(struct numpy_export *export, const char *target)
{
    struct text folder = {0};
    struct text shown = {0};
    size_t place;

    append_folder(&folder, target);
    while ((place = export->folders.count) !=
           name_list_place(&export->folders, text_string(&folder)))
        text_append(&folder, "_");
    if (strcmp(text_string(&folder), target) != 0) {
        append_line(&shown, target, 80);
        log_warning("the arrays of target '%s' are named '%s/...': its own name can't be that of a "
                    "folder",
                    text_string(&shown), text_string(&folder));
    }
    text_free(&shown);
    text_free(&folder);
    return export->folders.names[place];
}

static int add_texts(struct npz *npz, const char *name, const struct array *array,
                     const struct dataset *dataset, size_t count, struct error *error)
{
    const char **texts = memory_new(count, sizeof *texts);
    int result;

    for (size_t i = 0; i < count; i++)
        texts[i] = array->text(dataset, i);
    result = npz_add_texts(npz, name, texts, count, error);
    free(texts);
    return result;
}

static int add_array(struct npz *npz, const char *folder, const struct array *array,
                     const struct dataset *dataset, struct error *error)
{
    size_t count = array->per_metric ? dataset->columns : dataset->timeline.rows;
    char *name = memory_format("%s/%s", folder, array->name);
    int result;

    if (array->text != NULL) {
        result = add_texts(npz, name, array, dataset, count, error);
    } else if (array->flag != NULL) {
        bool *flags = memory_new(count, sizeof *flags);

        for (size_t i = 0; i < count; i++)
            flags[i] = array->flag(dataset, i);
        result = npz_add_flags(npz, name, flags, count, error);
    } else {
        int64_t *integers = memory_new(count, sizeof *integers);

        for (size_t i = 0; i < count; i++)
            integers[i] = array->integer(dataset, i);
        result = npz_add_integers(npz, name, integers, count, error);
    }
    free(name);
    return result;
}

/* The values are large: they move to the file and are not copied. */
static int add_values(struct npz *npz, const char *folder, struct dataset *dataset,
                      struct error *error)
{
    char *name = memory_format("%s/values", folder);
    double *values = dataset->timeline.values;
    int result;

    dataset->timeline.values = NULL;
    result = npz_add_doubles(npz, name, values, dataset->timeline.rows, dataset->columns, error);
    free(name);
    return result;
}

static int add_target(struct numpy_export *export, struct store *store, const char *target,
                      struct error *error)
{
    static const struct pipeline as_it_is = {0};
    struct dataset *dataset;
    const char *folder;
    int result;

    if (dataset_read(store, target, &as_it_is, &dataset, error) < 0)
        return -1;
    folder = choose_folder(export, target);
    export->rows += dataset->timeline.rows;
    result = add_values(export->npz, folder, dataset, error);
    for (size_t i = 0; result == 0 && i < sizeof arrays / sizeof *arrays; i++)
        result = add_array(export->npz, folder, &arrays[i], dataset, error);
    dataset_free(dataset);
    return result;
}

static int add_targets(struct numpy_export *export, struct store *store, struct error *error)
{
    char **names;
    size_t count;
    int result = dataset_targets(store, false, &names, &count, error);

    for (size_t i = 0; i < count; i++) {
        if (result == 0)
            result = add_target(export, store, names[i], error);
        free(names[i]);
    }
    free(names);
    return result;
}

int export_numpy(struct store *store, const char *target, const char *path, struct error *error)
{
    struct numpy_export export = {0};
    int result = npz_open(path, &export.npz, error);

    if (result < 0)
        return -1;
    result = target != NULL ? add_target(&export, store, target, error)
                            : add_targets(&export, store, error);
    if (result == 0 && export.rows == 0) {
        result = error_set(error, ERROR_INCONCLUSIVE,
                           "there is no observation to write%s%s: none of a valid experiment has "
                           "one before it",
                           target != NULL ? " of " : "", target != NULL ? target : "");
    }
    if (result == 0)
        result = npz_close(export.npz, error);
    else
        npz_discard(export.npz);
    name_list_free(&export.folders);
    return result;
}
