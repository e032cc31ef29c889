/* Writing injections with their edges, the clocks, and the journal of actions. */
#include "base/clock.h"
#include "store/database.h"
#include "store/writer.h"

int store_begin_injection(struct store *store, const struct store_injection *injection, int64_t *id,
                          struct error *error)
{
    return write_new(
        store, STATEMENT_BEGIN_INJECTION,
        BINDINGS(integer(injection->experiment_id), integer_or_null(injection->target_id),
                 text(injection->token), text(injection->fault_type), text(injection->intensity),
                 real(injection->requested), text(injection->unit), integer(injection->lease_ns)),
        id, error);
}

int store_set_injection_state(struct store *store, int64_t injection_id, const char *state,
                              const char *detail, struct error *error)
{
    return write_change(store, STATEMENT_SET_INJECTION_STATE,
                        BINDINGS(text(state), text(detail), integer(injection_id)), "injection",
                        injection_id, error);
}

int store_set_injection_mechanism(struct store *store, int64_t injection_id, const char *mechanism,
                                  struct error *error)
{
    return write_change(store, STATEMENT_SET_INJECTION_MECHANISM,
                        BINDINGS(text(mechanism), integer(injection_id)), "injection", injection_id,
                        error);
}

int store_set_injection_achieved(struct store *store, int64_t injection_id, double achieved,
                                 bool phantom, const char *detail, struct error *error)
{
    return write_change(
        store, STATEMENT_SET_INJECTION_ACHIEVED,
        BINDINGS(real(achieved), integer(phantom), text(detail), integer(injection_id)),
        "injection", injection_id, error);
}

int store_put_measurement(struct store *store, int64_t injection_id, const char *step,
                          const char *name, double value, const char *unit, struct error *error)
{
    return write_one(
        store, STATEMENT_PUT_MEASUREMENT,
        BINDINGS(integer(injection_id), text(step), text(name), real(value), text(unit)), error);
}

int store_put_edge(struct store *store, int64_t injection_id, const struct store_edge *edge,
                   struct error *error)
{
    return write_one(store, STATEMENT_PUT_EDGE,
                     BINDINGS(integer(injection_id), text(edge->kind), integer(edge->target_ns),
                              integer(edge->runner_ns), integer(edge->offset_ns),
                              integer(edge->error_ns)),
                     error);
}

int store_put_level(struct store *store, int64_t injection_id, const struct store_level *level,
                    struct error *error)
{
    return write_one(
        store, STATEMENT_PUT_LEVEL,
        BINDINGS(integer(injection_id), integer(level->position), real(level->requested),
                 real(level->achieved), integer(level->phantom), integer(level->commanded_ns),
                 integer_or_null(level->applied_ns), integer_or_null(level->applied_target_ns),
                 integer_or_null(level->verified_ns), integer(level->offset_ns),
                 integer(level->error_ns)),
        error);
}

int store_put_clock_offset(struct store *store, const char *host, int64_t time_ns,
                           int64_t offset_ns, int64_t error_ns, struct error *error)
{
    return write_one(store, STATEMENT_PUT_CLOCK_OFFSET,
                     BINDINGS(text(host), integer(time_ns), integer(offset_ns), integer(error_ns)),
                     error);
}

int store_begin_action(struct store *store, int64_t experiment_id, const char *host,
                       const char *action, const char *detail, int64_t *id, struct error *error)
{
    if (write_new(store, STATEMENT_BEGIN_ACTION,
                  BINDINGS(integer(clock_now()), integer_or_null(experiment_id), text(host),
                           text(action), text(detail)),
                  id, error) < 0)
        return -1;
    return store_commit(store, error);
}

int store_end_action(struct store *store, int64_t id, const char *outcome, struct error *error)
{
    return write_change(store, STATEMENT_END_ACTION,
                        BINDINGS(integer(clock_now()), text(outcome), integer(id)), "action", id,
                        error);
}
