/* Recording without a campaign: the sources of a testbed's targets into a run database, until it is
 * told to stop. Nothing is injected and no load driven. */
#ifndef RUNNER_OBSERVE_H
#define RUNNER_OBSERVE_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "runner/testbed.h"

/* What is on record after this long is whole, whatever happens later: each is an experiment of its
 * own. */
#define OBSERVE_EXPERIMENT_LENGTH (3600 * CLOCK_SECOND)

struct observe_progress {
    size_t observations; /* taken so far */
    size_t lost;         /* readings that are missing */
    int64_t elapsed;     /* ns */
    int64_t left;        /* ns; -1 if nobody said how long */
};

struct observe_setting {
    const struct testbed *testbed;
    const char *const *targets; /* names */
    size_t target_count;        /* 0: all that have a source */
    int64_t period;             /* monitoring period, ns */
    int64_t duration;           /* ns; 0: until the stop */
    int64_t past_from;          /* what the sources kept of the time between these, runner's */
    int64_t past_until;         /* clock; 0: as it comes */
    const char *folder;         /* of the run to make */
    const char *version;        /* of vnfault, for the record */
    struct stop *stop;
    /* Told about once a second, from the calling thread; may be NULL. */
    void (*progress)(const struct observe_progress *progress);
};

struct observe_outcome {
    size_t targets;
    size_t sources;
    size_t metrics;
    size_t experiments;
    size_t invalid; /* of them: a twentieth or more of a source's observations is missing */
    size_t observations;
    size_t lost;
};

/*
 * Records until the duration is over or the stop is asked for, which is no error, or what was
 * between two instants of the past. ERROR_INPUT if a target isn't there, the folder has a run or a
 * source keeps nothing of the past, ERROR_UNREACHABLE if a source can't be read at the start.
 */
int observe(const struct observe_setting *setting, struct observe_outcome *outcome,
            struct error *error);

#endif
