/* Writing what is measured: observations and service samples. */
#include <stdlib.h>

#include "base/memory.h"
#include "store/database.h"
#include "store/vector.h"
#include "store/writer.h"

int store_put_observation(struct store *store, int64_t experiment_id, int64_t metric_set_id,
                          int64_t window_start_ns, int64_t time_ns, const double *values,
                          size_t count, struct error *error)
{
    unsigned char *vector = memory_new(count, 8);
    int result;

    vector_encode(values, count, vector);
    result =
        write_one(store, STATEMENT_PUT_OBSERVATION,
                  BINDINGS(integer(experiment_id), integer(metric_set_id), integer(window_start_ns),
                           integer(time_ns), blob(vector, 8 * count)),
                  error);
    free(vector);
    return result;
}

int store_put_monitoring_event(struct store *store, int64_t experiment_id, int64_t metric_set_id,
                               int64_t time_ns, const char *kind, const char *detail,
                               struct error *error)
{
    return write_one(store, STATEMENT_PUT_MONITORING_EVENT,
                     BINDINGS(integer(experiment_id), integer(metric_set_id), integer(time_ns),
                              text(kind), text(detail)),
                     error);
}

/* `statement` puts one: failures or media. */
static int put_counts(struct store *store, enum statement statement, int64_t sample_id,
                      const struct store_service_count *counts, size_t count, struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        if (write_run(store, statement,
                      BINDINGS(integer(sample_id), text(counts[i].name), integer(counts[i].count)),
                      error) < 0)
            return -1;
    }
    return 0;
}

static int put_responses(struct store *store, int64_t sample_id,
                         const struct store_service_sample *sample, struct error *error)
{
    for (size_t i = 0; i < sample->response_count; i++) {
        const struct store_service_response *response = &sample->responses[i];

        if (write_run(
                store, STATEMENT_PUT_SERVICE_RESPONSE,
                BINDINGS(integer(sample_id), text(response->transaction),
                         integer(response->mean_ns),
                         response->deviation_ns < 0 ? text(NULL) : integer(response->deviation_ns)),
                error) < 0)
            return -1;
    }
    return 0;
}

static int put_sample(struct store *store, const struct store_service_sample *sample,
                      struct error *error)
{
    int64_t id;

    if (write_run(store, STATEMENT_PUT_SERVICE_SAMPLE,
                  BINDINGS(integer(sample->experiment_id), text(sample->load_host),
                           integer(sample->window_start_ns), integer(sample->time_ns),
                           real(sample->offered_rate), integer(sample->calls_created),
                           integer(sample->calls_succeeded), integer(sample->calls_failed),
                           integer(sample->calls_current), integer(sample->retransmissions)),
                  error) < 0)
        return -1;
    id = sqlite3_last_insert_rowid(store->database);
    return put_counts(store, STATEMENT_PUT_SERVICE_FAILURE, id, sample->failures,
                      sample->failure_count, error) < 0 ||
                   put_responses(store, id, sample, error) < 0 ||
                   put_counts(store, STATEMENT_PUT_SERVICE_MEDIA, id, sample->media,
                              sample->media_count, error) < 0
               ? -1
               : 0;
}

int store_put_service_sample(struct store *store, const struct store_service_sample *sample,
                             struct error *error)
{
    if (write_begin(store, error) < 0)
        return -1;
    return write_end(store, put_sample(store, sample, error), error);
}
