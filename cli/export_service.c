/* Service samples: one row each, with one column a cause of failure and two a transaction. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/export.h"
#include "store/reader.h"

struct service_export {
    struct csv *csv;
    struct experiment_names experiments;
    struct name_list causes;
    struct name_list transactions;
    struct name_list media;
};

static int see_names(const struct store_service_sample *sample, void *context, struct error *error)
{
    struct service_export *export = context;

    (void)error;
    for (size_t i = 0; i < sample->failure_count; i++)
        name_list_place(&export->causes, sample->failures[i].name);
    for (size_t i = 0; i < sample->response_count; i++)
        name_list_place(&export->transactions, sample->responses[i].transaction);
    for (size_t i = 0; i < sample->media_count; i++)
        name_list_place(&export->media, sample->media[i].name);
    return 0;
}

static void write_header(struct service_export *export)
{
    static const char *const names[] = {"experiment",
                                        "cell",
                                        "verdict",
                                        "load_host",
                                        "window_start_ns",
                                        "time_ns",
                                        "offered_rate",
                                        "calls_created",
                                        "calls_succeeded",
                                        "calls_failed",
                                        "calls_current",
                                        "retransmissions",
                                        NULL};

    csv_names(export->csv, names);
    for (size_t i = 0; i < export->causes.count; i++) {
        char *name = memory_format("failed.%s", export->causes.names[i]);

        csv_text(export->csv, name);
        free(name);
    }
    for (size_t i = 0; i < export->transactions.count; i++) {
        char *mean = memory_format("response.%s.mean_ns", export->transactions.names[i]);
        char *deviation = memory_format("response.%s.deviation_ns", export->transactions.names[i]);

        csv_text(export->csv, mean);
        csv_text(export->csv, deviation);
        free(mean);
        free(deviation);
    }
    for (size_t i = 0; i < export->media.count; i++) {
        char *name = memory_format("media.%s", export->media.names[i]);

        csv_text(export->csv, name);
        free(name);
    }
    csv_end_row(export->csv);
}

/* A column a name; where the sample has no count of it, `absent` says what there is. */
static void write_counts(struct service_export *export, const struct name_list *names,
                         const struct store_service_count *counts, size_t count, const char *absent)
{
    for (size_t column = 0; column < names->count; column++) {
        const struct store_service_count *found = NULL;

        for (size_t i = 0; i < count; i++) {
            if (strcmp(counts[i].name, names->names[column]) == 0)
                found = &counts[i];
        }
        if (found != NULL)
            csv_integer(export->csv, found->count);
        else
            csv_text(export->csv, absent);
    }
}

static void write_responses(struct service_export *export,
                            const struct store_service_sample *sample)
{
    for (size_t column = 0; column < export->transactions.count; column++) {
        const struct store_service_response *response = NULL;

        for (size_t i = 0; i < sample->response_count; i++) {
            if (strcmp(sample->responses[i].transaction, export->transactions.names[column]) == 0)
                response = &sample->responses[i];
        }
        if (response != NULL)
            csv_integer(export->csv, response->mean_ns);
        else
            csv_text(export->csv, NULL);
        if (response != NULL && response->deviation_ns >= 0)
            csv_integer(export->csv, response->deviation_ns);
        else
            csv_text(export->csv, NULL);
    }
}

static int write_sample(const struct store_service_sample *sample, void *context,
                        struct error *error)
{
    struct service_export *export = context;

    (void)error;
    export_experiment(export->csv, &export->experiments, sample->experiment_id);
    csv_text(export->csv, sample->load_host);
    csv_integer(export->csv, sample->window_start_ns);
    csv_integer(export->csv, sample->time_ns);
    csv_number(export->csv, sample->offered_rate);
    csv_integer(export->csv, sample->calls_created);
    csv_integer(export->csv, sample->calls_succeeded);
    csv_integer(export->csv, sample->calls_failed);
    csv_integer(export->csv, sample->calls_current);
    csv_integer(export->csv, sample->retransmissions);
    write_counts(export, &export->causes, sample->failures, sample->failure_count, "0");
    write_responses(export, sample);
    /* Empty where nobody told of it. */
    write_counts(export, &export->media, sample->media, sample->media_count, "");
    csv_end_row(export->csv);
    return 0;
}

int export_service(struct store *store, struct csv *csv, struct error *error)
{
    struct service_export export = {.csv = csv};
    int result = experiment_names_read(store, &export.experiments, error);

    if (result == 0)
        result = store_each_service_sample(store, see_names, &export, error);
    if (result == 0) {
        write_header(&export);
        result = store_each_service_sample(store, write_sample, &export, error);
    }
    experiment_names_free(&export.experiments);
    name_list_free(&export.causes);
    name_list_free(&export.transactions);
    name_list_free(&export.media);
    return result;
}
