/* Experiments and injections: one row each. */
#include "cli/export.h"
#include "store/reader.h"

static int write_experiment(const struct stored_experiment *experiment, void *context,
                            struct error *error)
{
    struct csv *csv = context;

    (void)error;
    csv_text(csv, experiment->name);
    csv_integer(csv, experiment->cell);
    csv_integer(csv, experiment->attempt);
    csv_text(csv, experiment->fault_type);
    csv_text(csv, experiment->intensity);
    csv_text(csv, experiment->target);
    csv_integer(csv, experiment->repetition);
    csv_text(csv, experiment->state);
    csv_text(csv, experiment->verdict);
    csv_text(csv, experiment->reason);
    csv_text(csv, experiment->note);
    csv_instant(csv, experiment->started_ns);
    csv_instant(csv, experiment->measured_from_ns);
    csv_instant(csv, experiment->measured_until_ns);
    csv_instant(csv, experiment->ended_ns);
    csv_end_row(csv);
    return 0;
}

int export_experiments(struct store *store, struct csv *csv, struct error *error)
{
    static const char *const names[] = {"experiment",
                                        "cell",
                                        "attempt",
                                        "fault_type",
                                        "intensity",
                                        "target",
                                        "repetition",
                                        "state",
                                        "verdict",
                                        "reason",
                                        "note",
                                        "started_ns",
                                        "measured_from_ns",
                                        "measured_until_ns",
                                        "ended_ns",
                                        NULL};

    csv_names(csv, names);
    csv_end_row(csv);
    return store_each_experiment(store, write_experiment, csv, error);
}

static int write_injection(const struct stored_injection *injection, void *context,
                           struct error *error)
{
    struct csv *csv = context;

    (void)error;
    csv_text(csv, injection->experiment);
    csv_text(csv, injection->target);
    csv_text(csv, injection->token);
    csv_text(csv, injection->fault_type);
    csv_text(csv, injection->intensity);
    csv_number(csv, injection->requested);
    csv_number(csv, injection->achieved);
    csv_text(csv, injection->unit);
    csv_text(csv, injection->mechanism);
    csv_integer(csv, injection->lease_ns);
    csv_text(csv, injection->state);
    csv_integer(csv, injection->phantom);
    csv_text(csv, injection->detail);
    csv_instant(csv, injection->start_commanded_ns);
    csv_instant(csv, injection->applied_ns);
    csv_instant(csv, injection->verified_ns);
    csv_instant(csv, injection->end_commanded_ns);
    csv_instant(csv, injection->gone_ns);
    csv_integer(csv, injection->edge_error_ns);
    csv_end_row(csv);
    return 0;
}

int export_injections(struct store *store, struct csv *csv, struct error *error)
{
    static const char *const names[] = {
        "experiment",  "target",           "token",   "fault_type",         "intensity",
        "requested",   "achieved",         "unit",    "mechanism",          "lease_ns",
        "state",       "phantom",          "detail",  "start_commanded_ns", "applied_ns",
        "verified_ns", "end_commanded_ns", "gone_ns", "edge_error_ns",      NULL};

    csv_names(csv, names);
    csv_end_row(csv);
    return store_each_injection(store, write_injection, csv, error);
}
