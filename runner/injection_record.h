/*
 * What an injection leaves in the run database: journal, edges, levels, measurements, state. For
 * runner/injection_run.c.
 */
#ifndef RUNNER_INJECTION_RECORD_H
#define RUNNER_INJECTION_RECORD_H

#include <stdint.h>

#include "base/error.h"
#include "runner/injection_run.h"
#include "store/writer.h"

/* The row in table injection, in state 'planned'. */
int injection_begin_record(struct injection_run *run, struct error *error);

/* Logs what went wrong and keeps it as the injection's failure, unless it has one. */
void injection_note_failure(struct injection_run *run, struct error *error);

/* Clocks drift and are set: the offset that counts is the one near the edge. One that can't be
 * measured leaves the one before, of which nobody knows how far off it is: that is a failure. */
void injection_measure_clock(struct injection_run *run);

/* ERROR_INCONCLUSIVE unless an instant of the target lies between a step's command, at `from`
 * (runner's clock), and now. */
int injection_check_instant(const struct injection_run *run, const char *kind, int64_t instant,
                            int64_t from, struct error *error);

/* Records an edge. `instant` is on the target's clock, or 0 for now; `*on_runner`, unless NULL, is
 * set to it on the runner's. */
int injection_put_edge(struct injection_run *run, const char *kind, int64_t instant,
                       int64_t *on_runner, struct error *error);

/* Records what is known of a level of a profile, and fills in the clock's offset and, from
 * `applied_target_ns`, `applied_ns`. Does nothing for an intensity that is no profile. */
int injection_put_level(struct injection_run *run, struct store_level *level, struct error *error);

/* A step that changes the target: not without its entry in the journal. */
int injection_take_step(struct injection_run *run, const char *name, injection_step *step,
                        struct injection_report *report, struct error *error);

/* A step that undoes: a full disk must not keep a fault in, so it is taken without a journal too.
 */
int injection_take_undoing_step(struct injection_run *run, const char *name, injection_step *step,
                                struct injection_report *report, struct error *error);

/* `state` as in table injection, with the report's detail if it has one. */
int injection_set_state(struct injection_run *run, const char *state,
                        const struct injection_report *report, struct error *error);

#endif
