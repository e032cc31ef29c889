#include "runner/injection_means.h"

#include "runner/load_fault.h"

static void *open_script(const struct injection_setting *setting)
{
    return injection_new(setting->access, &setting->request);
}

static int probe(void *state, struct injection_report *report, struct error *error)
{
    return injection_probe(state, report, error);
}

static int arm(void *state, struct injection_report *report, struct error *error)
{
    return injection_arm(state, report, error);
}

static int ready(void *state, int64_t timeout, struct error *error)
{
    return injection_ready(state, timeout, error);
}

static void rest(void *state)
{
    injection_rest(state);
}

static int apply(void *state, struct injection_report *report, struct error *error)
{
    return injection_apply(state, report, error);
}

static void set_level(void *state, double value)
{
    injection_set_level(state, value);
}

static int change(void *state, struct injection_report *report, struct error *error)
{
    return injection_change(state, report, error);
}

static int verify(void *state, struct injection_report *report, struct error *error)
{
    return injection_verify(state, report, error);
}

static int returned(void *state, struct injection_report *report, struct error *error)
{
    return injection_returned(state, report, error);
}

static int hold(void *state, struct injection_report *report, struct error *error)
{
    return injection_hold(state, report, error);
}

static int revert(void *state, struct injection_report *report, struct error *error)
{
    return injection_revert(state, report, error);
}

static int prove(void *state, struct injection_report *report, struct error *error)
{
    return injection_prove(state, report, error);
}

static void close_script(void *state)
{
    injection_free(state);
}

const struct injection_means injection_by_script = {
    .open = open_script,
    .probe = probe,
    .arm = arm,
    .ready = ready,
    .rest = rest,
    .apply = apply,
    .set_level = set_level,
    .change = change,
    .verify = verify,
    .returned = returned,
    .hold = hold,
    .revert = revert,
    .prove = prove,
    .close = close_script,
};

const struct injection_means *injection_means_of(const struct injector *injector)
{
    return injector->load_fault != NULL ? injector->load_fault->means : &injection_by_script;
}
