/*
 * libFuzzer target: a sound run database with any of its bytes changed. Whatever the file is, the
 * reading ends with all rows or an error. The input is a list of changes of 5 bytes each: where
 * (4 bytes, little-endian, modulo the file's size) and the new byte.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "store/reader.h"
#include "store/writer.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static char folder[] = "/tmp/vnfault-fuzz.XXXXXX";
static char path[sizeof folder + 16];
static struct text sound;

static void remove_folder(void)
{
    struct error error;

    folder_remove(folder, &error);
    text_free(&sound);
}

/* One of everything. */
static int write_run(struct store *store, struct error *error)
{
    struct store_run run = {"r", "c", "x", "t", "x", "1", 10, 100, true, "0", 1};
    struct store_metric metrics[] = {{"a", true, "cpu", "virtual", "ns"},
                                     {"b", false, "memory", "virtual", "bytes"}};
    struct store_service_count failure = {"timeout", 1};
    struct store_service_response response = {"call", 5, -1};
    struct store_service_count media = {"rtp-sent", 1};
    struct store_service_sample sample = {1, "load", 1,        2, 10,        1, 1,      1,
                                          1, 1,      &failure, 1, &response, 1, &media, 1};
    struct store_edge edge = {"start-commanded", 5, 5, 0, 1};
    const double values[] = {1, 2};
    int64_t target;
    int64_t set;
    int64_t id;

    if (store_put_run(store, &run, error) < 0 ||
        store_put_fact(store, "runner", "kernel", "6", error) < 0 ||
        store_put_target(store, "sprout", "", "a", &target, error) < 0 ||
        store_put_metric_set(store, target, "cgroup", metrics, 2, &set, error) < 0)
        return -1;

    struct store_experiment experiment = {0, "e", "cpu", "high", target, 1, 1};
    struct store_injection injection = {1, target, "token123", "cpu", "high", 1, "%", 1};

    if (store_begin_experiment(store, &experiment, &id, error) < 0 ||
        store_begin_injection(store, &injection, &id, error) < 0 ||
        store_put_edge(store, id, &edge, error) < 0 ||
        store_put_service_sample(store, &sample, error) < 0)
        return -1;
    for (int64_t i = 0; i < 10; i++) {
        if (store_put_observation(store, 1, set, i, i + 1, values, 2, error) < 0)
            return -1;
    }
    return store_end_experiment(store, 1, 99, NULL, NULL, error);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    struct error error = {0};
    struct store *store;

    (void)argc;
    (void)argv;
    if (mkdtemp(folder) == NULL)
        abort();
    snprintf(path, sizeof path, "%s/%s", folder, STORE_FILE_NAME);
    if (store_create(folder, &store, &error) < 0 || write_run(store, &error) < 0 ||
        store_close(store, &error) < 0 || file_read(path, 1 << 24, &sound, &error) < 0) {
        error_print(&error, stderr);
        abort();
    }
    return atexit(remove_folder);
}

static int ignore_target(const struct stored_target *row, void *context, struct error *error)
{
    (void)row, (void)context, (void)error;
    return 0;
}

static int ignore_experiment(const struct stored_experiment *row, void *context,
                             struct error *error)
{
    (void)row, (void)context, (void)error;
    return 0;
}

static int ignore_injection(const struct stored_injection *row, void *context, struct error *error)
{
    (void)row, (void)context, (void)error;
    return 0;
}

static int ignore_sample(const struct store_service_sample *row, void *context, struct error *error)
{
    (void)row, (void)context, (void)error;
    return 0;
}

static int sum_values(const struct stored_observation *row, void *context, struct error *error)
{
    (void)error;
    for (size_t i = 0; i < row->value_count; i++)
        *(double *)context += row->values[i];
    return 0;
}

static void read_all(struct store *store)
{
    struct error error;
    struct stored_run run;
    double sum = 0;

    store_read_run(store, &run, &error);
    stored_run_free(&run);
    store_each_target(store, ignore_target, NULL, &error);
    store_each_experiment(store, ignore_experiment, NULL, &error);
    store_each_injection(store, ignore_injection, NULL, &error);
    store_each_service_sample(store, ignore_sample, NULL, &error);
    store_each_observation(store, 1, sum_values, &sum, &error);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct error error = {0};
    struct text changed = {0};
    struct store *store;

    text_append_bytes(&changed, sound.bytes, sound.length);
    for (size_t i = 0; i + 5 <= length; i += 5) {
        uint32_t place;

        memcpy(&place, bytes + i, sizeof place);
        changed.bytes[place % changed.length] = (char)bytes[i + 4];
    }
    if (file_write(path, changed.bytes, changed.length, &error) < 0)
        abort();
    if (store_open(folder, STORE_READ, &store, &error) == 0) {
        read_all(store);
        store_close(store, &error);
    } else if (error.kind == ERROR_NONE) {
        abort();
    }
    text_free(&changed);
    return 0;
}
