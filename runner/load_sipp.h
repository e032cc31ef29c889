/*
 * The SIPp driver. Inside of it: load_sipp.c the driver's functions, load_sipp_prepare.c
 * registration and health check, load_sipp_run.c following the statistics, load_sipp_command.c
 * SIPp's arguments, load_sipp_host.c and load_sipp_process.c a load host and SIPp on it,
 * load_sipp_statistics.c and load_sipp_columns.c reading its statistics file, load_sipp_media.c
 * what it tells of media.
 */
#ifndef RUNNER_LOAD_SIPP_H
#define RUNNER_LOAD_SIPP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/stop.h"
#include "base/text.h"
#include "runner/load.h"
#include "runner/load_sipp_host.h"
#include "runner/load_sipp_statistics.h"

extern const struct load_driver load_sipp;

/* Clock of a caller's host against the runner's. */
struct sipp_clock {
    int64_t offset;   /* host's minus runner's, ns */
    int64_t bound;    /* of the offset's error, ns */
    int64_t measured; /* when, runner's clock */
};

/* A host that calls, and the load that runs there. */
struct sipp_caller {
    struct sipp_host host;
    struct sipp_statistics *statistics; /* NULL while none runs */
    struct sipp_clock clock;
    struct text unread; /* of its statistics file */
    int64_t window_end; /* of the last sample handed on, runner's clock; 0 before the first */
    int64_t last_row;   /* when the last row came, runner's clock */
};

struct sipp_load {
    const struct load_plan *plan;
    int64_t call_duration; /* that a call is held for, ns; 0: as the scenario says */
    double call_limit;     /* open calls that each SIPp that runs may have */
    char *log_folder;      /* on this machine */
    struct sipp_caller *callers;
    size_t caller_count; /* that were opened */
    struct sipp_host *callees;
    size_t callee_count;
};

/* What SIPp is run for. */
enum sipp_purpose { SIPP_REGISTER, SIPP_CALLEE, SIPP_CALLER };

enum { SIPP_MOST_ARGUMENTS = 56, SIPP_NUMBER_SIZE = 32 };

/* An argument vector of SIPp; ends with NULL. Its strings are those of plan, host and itself. */
struct sipp_command {
    const char *arguments[SIPP_MOST_ARGUMENTS];
    char rate[SIPP_NUMBER_SIZE];
    char limit[SIPP_NUMBER_SIZE];
    char count[SIPP_NUMBER_SIZE];
    char duration[SIPP_NUMBER_SIZE];
    char start[9];                  /* eight characters, of this start alone */
    char call_id[SIPP_NUMBER_SIZE]; /* its calls' */
};

/* `rate` in calls per second; `calls` to make, 0 for no end. */
void sipp_command_build(struct sipp_command *command, enum sipp_purpose purpose,
                        const struct load_plan *plan, const struct sipp_host *host, double rate,
                        int64_t calls);

/* Open calls that SIPp may have at that rate, each held for so long (ns): out of reach. */
double sipp_call_limit(double rate, int64_t call_duration);

/* The calls of a load, of whose pauses those without a length of their own take so long (ns; 0: no
 * time); so many may be open at once. */
void sipp_command_hold(struct sipp_command *command, int64_t call_duration, double limit);

/* NULL-terminated names of the scenario files that a side needs. */
const char *const *sipp_scenario_files(const struct sipp_host *host);

/* Starts the callees, of which an error leaves some. */
int sipp_load_start_callees(struct sipp_load *load, struct error *error);

/* See struct load_driver. */
int64_t sipp_load_preparation(const struct load_plan *plan);
int sipp_load_prepare(void *state, struct stop *stop, struct error *error);
int sipp_load_run(void *state, int64_t until, struct stop *stop, load_sample_callback *callback,
                  void *context, struct error *error);

/* Measures the host's clock; a failure leaves the former figure. */
int sipp_caller_measure_clock(struct sipp_caller *caller, struct error *error);

#endif
