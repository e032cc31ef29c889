/*
 * libFuzzer target: any bytes as a CSV file to import. Whatever they are, the import ends, says
 * what is wrong and leaves no database, or makes a run whose data sets can be read and hold every
 * observation.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "analysis/dataset.h"
#include "base/file.h"
#include "cli/import.h"
#include "store/reader.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static char folder[] = "/dev/shm/vnfault-fuzz.XXXXXX";
static char path[sizeof folder + 16];
static char run[sizeof folder + 16];
static char database[sizeof run + 16];

static void remove_folder(void)
{
    struct error error;

    folder_remove(folder, &error);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, sizeof path, "%s/input.csv", folder);
    snprintf(run, sizeof run, "%s/run", folder);
    snprintf(database, sizeof database, "%s/%s", run, STORE_FILE_NAME);
    return atexit(remove_folder);
}

static int count_target(const struct stored_target *target, void *context, struct error *error)
{
    struct store *store = ((void **)context)[0];
    size_t *observations = ((void **)context)[1];
    struct dataset *dataset;

    if (dataset_read(store, target->name, &(struct pipeline){0}, &dataset, error) < 0)
        return -1;
    for (size_t i = 0; i < dataset->count_count; i++)
        *observations += dataset->counts[i].observations;
    dataset_free(dataset);
    return 0;
}

static void check_run(size_t expected)
{
    size_t observations = 0;
    struct error error = {0};
    struct store *store;
    void *context[2] = {NULL, &observations};

    if (store_open(run, STORE_READ, &store, &error) < 0)
        abort();
    context[0] = store;
    if (store_each_target(store, count_target, context, &error) < 0 || observations != expected ||
        store_close(store, &error) < 0)
        abort();
}

static void try_import(const struct import_setting *setting)
{
    struct import_outcome outcome;
    struct error error = {0};

    if (import_run(setting, run, &outcome, &error) == 0)
        check_run(outcome.observations);
    else if (file_exists(database) || error.what[0] == '\0')
        abort();
    if (folder_remove(run, &error) < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct import_setting setting = {.path = path,
                                     .time = "t",
                                     .label = "l",
                                     .time_unit = "s",
                                     .normal = "normal",
                                     .counters = "c*"};
    struct error error;

    if (file_write(path, (const char *)bytes, length, &error) < 0)
        abort();
    try_import(&setting);
    setting.target = "v";
    setting.experiment = "e";
    try_import(&setting);
    return 0;
}
