/* What a detector that reconstructs has learned, as bytes (docs/detectors.md). */
#include <math.h>
#include <stdlib.h>

#include "analysis/reconstruction_state.h"
#include "base/bytes.h"
#include "base/memory.h"

void reconstruction_write(const void *opaque, struct text *bytes)
{
    const struct reconstruction *state = opaque;

    bytes_put_integer(bytes, state->group_count, 4);
    for (size_t i = 0; i < state->columns; i++)
        bytes_put_integer(bytes, state->groups[i], 4);
    bytes_put_doubles(bytes, state->thresholds, state->group_count);
    for (size_t group = 0; group < state->group_count; group++)
        state->reconstructor->write(state->nets[group], bytes);
}

/* Each column's group; every group has a column, so there are no more groups than columns. */
static int read_groups(struct byte_reader *reader, struct reconstruction *state,
                       struct error *error)
{
    size_t *counts = memory_new(state->group_count, sizeof *counts);
    int result = 0;

    for (size_t i = 0; result == 0 && i < state->columns; i++) {
        uint64_t group;

        result = bytes_get_integer(reader, 4, &group, error);
        if (result == 0 && group >= state->group_count)
            result =
                error_set(error, ERROR_INPUT, "the resource group of metric %zu is not sound", i);
        if (result == 0)
            counts[state->groups[i] = group]++;
    }
    for (size_t group = 0; result == 0 && group < state->group_count; group++) {
        if (counts[group] == 0)
            result = error_set(error, ERROR_INPUT, "resource group %zu has no metric", group);
    }
    free(counts);
    return result;
}

static int read_nets(struct byte_reader *reader, struct reconstruction *state, struct error *error)
{
    for (size_t group = 0; group < state->group_count; group++) {
        if (bytes_get_double(reader, &state->thresholds[group], error) < 0)
            return -1;
        if (!(state->thresholds[group] > 0) || isinf(state->thresholds[group]))
            return error_set(error, ERROR_INPUT, "the threshold of resource group %zu is not sound",
                             group);
    }
    for (size_t group = 0; group < state->group_count; group++) {
        if (state->reconstructor->read(reader, reconstruction_columns(state, group),
                                       &state->nets[group], error) < 0)
            return -1;
    }
    if (reader->at != reader->length)
        return error_set(error, ERROR_INPUT, "%zu bytes too many after the last group",
                         reader->length - reader->at);
    return 0;
}

int reconstruction_read(const struct reconstructor *reconstructor, const char *bytes, size_t length,
                        size_t columns, void **opaque, struct error *error)
{
    struct byte_reader reader = {bytes, length, 0};
    struct reconstruction *state;
    uint64_t group_count;

    if (bytes_get_integer(&reader, 4, &group_count, error) < 0)
        return -1;
    if (group_count == 0 || group_count > columns)
        return error_set(error, ERROR_INPUT, "%llu resource groups for %zu metrics",
                         (unsigned long long)group_count, columns);
    state = reconstruction_new(reconstructor, columns, group_count);
    if (read_groups(&reader, state, error) < 0 || read_nets(&reader, state, error) < 0) {
        reconstruction_free(state);
        return -1;
    }
    *opaque = state;
    return 0;
}
