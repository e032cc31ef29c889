/*
 * A synthetic but realistic run for tests: three targets (bono, sprout, homestead) with 20 metrics
 * each that react to faults, one experiment a cell, service samples and injections with edges. The
 * same setting makes the same run.
 *
 * Cells go fault type by fault type (cpu, memory, disk, packet-loss, latency) at 'high' on sprout,
 * then again for the next repetition, and end with one nominal experiment. Each experiment lasts
 * `observations` monitoring periods of 1 s; the fault is in from a third to two thirds of it.
 */
#ifndef TESTS_UNIT_FIXTURE_RUN_H
#define TESTS_UNIT_FIXTURE_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { FIXTURE_METRICS = 20, FIXTURE_TARGETS = 3, FIXTURE_FAULT_TYPES = 5 };

#define FIXTURE_START_NS INT64_C(1700000000000000000)

struct fixture_run {
    size_t experiments;  /* with an injection; one nominal experiment is added */
    size_t observations; /* of each target in each experiment */
    size_t invalid;      /* so many of the experiments, from the last, are invalid */
    size_t levels;       /* of each injection: a staircase of equal steps; 0: it is held */
    double effect;       /* of a fault on its metrics, in their standard deviations; 8 is plain */
    uint64_t seed;
    size_t outage;   /* periods after each fault in which every call fails */
    size_t failures; /* more failed calls a period while there is latency, up to 70 */
};

/* Makes `folder` and the run database in it. */
int fixture_run_make(const char *folder, const struct fixture_run *setting, struct error *error);

/* A folder of the test's own under $TMPDIR; the caller removes it by folder_remove and frees. */
char *fixture_folder(void);

#endif
