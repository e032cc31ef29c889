#include "tests/unit/fixture_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "store/writer.h"

#define PERIOD CLOCK_SECOND
#define EDGE_ERROR (2 * CLOCK_MILLISECOND)

static const char *const target_names[FIXTURE_TARGETS] = {"bono", "sprout", "homestead"};
static const char *const target_roles[FIXTURE_TARGETS] = {"P-CSCF", "S-CSCF", "HSS"};
enum { FAULTY_TARGET = 1, LATENCY = 4, NOMINAL = FIXTURE_FAULT_TYPES };

static const struct fixture_fault {
    const char *name;
    double requested;
    const char *unit;
    const char *mechanism;
} faults[FIXTURE_FAULT_TYPES] = {
    {"cpu", 97, "%", "stress-ng 0.15.06"},
    {"memory", 97, "%", "stress-ng 0.15.06"},
    {"disk", 40, "workers", "stress-ng 0.15.06"},
    {"packet-loss", 10, "%", "iptables"},
    {"latency", 100, "ms", "nfqueue"},
};

/* A metric, and the fault type that moves it (an index of faults, or NOMINAL for none). */
static const struct fixture_metric {
    struct store_metric metric;
    double mean; /* of a gauge, or of a counter's increase a period */
    int fault;
} metrics[FIXTURE_METRICS] = {
    {{"cpu.usage", true, "cpu", "virtual", "ns"}, 3e8, 0},
    {{"cpu.user", true, "cpu", "virtual", "ns"}, 2e8, 0},
    {{"cpu.system", true, "cpu", "virtual", "ns"}, 1e8, 2},
    {{"cpu.throttled", true, "cpu", "virtual", "ns"}, 1e6, 0},
    {{"cpu.pressure.some", true, "cpu", "virtual", "us"}, 5e3, 0},
    {{"memory.usage", false, "memory", "virtual", "bytes"}, 1e8, 1},
    {{"memory.rss", false, "memory", "virtual", "bytes"}, 6e7, 1},
    {{"memory.cache", false, "memory", "virtual", "bytes"}, 3e7, 2},
    {{"memory.pgfault", true, "memory", "virtual", "events"}, 1e3, 1},
    {{"memory.limit", false, "memory", "virtual", "bytes"}, 5e8, NOMINAL},
    {{"network.receive.bytes", true, "network", "virtual", "bytes"}, 4e5, 3},
    {{"network.receive.packets", true, "network", "virtual", "packets"}, 8e2, 3},
    {{"network.transmit.bytes", true, "network", "virtual", "bytes"}, 5e5, 4},
    {{"network.transmit.packets", true, "network", "virtual", "packets"}, 9e2, 4},
    {{"network.receive.errors", true, "network", "virtual", "packets"}, 0, NOMINAL},
    {{"filesystem.read", true, "filesystem", "virtual", "bytes"}, 1e4, 2},
    {{"filesystem.write", true, "filesystem", "virtual", "bytes"}, 6e4, 2},
    {{"filesystem.pressure.some", true, "filesystem", "virtual", "us"}, 1e3, 2},
    {{"process.count", false, "process", "virtual", "processes"}, 12, NOMINAL},
    {{"process.switches", true, "process", "virtual", "events"}, 2e3, 4},
};

struct fixture {
    const struct fixture_run *setting;
    struct store *store;
    struct random random;
    int64_t targets[FIXTURE_TARGETS];
    int64_t metric_sets[FIXTURE_TARGETS];
};

/* The times of one experiment, on the runner's clock. */
struct fixture_experiment {
    int64_t id;
    int fault;
    int64_t start;
    int64_t applied;
    int64_t gone;
    int64_t end;
};

static double noise(struct fixture *fixture)
{
    double sum = 0;

    for (int i = 0; i < 12; i++)
        sum += random_unit(&fixture->random);
    return sum - 6;
}

static int put_head(struct fixture *fixture, struct error *error)
{
    struct store_metric list[FIXTURE_METRICS];
    struct store_run run = {"fixture",    "fixture.xml", "<campaign/>",   "testbed.xml",
                            "<testbed/>", "1",           PERIOD,          2 * PERIOD,
                            true,         "0.1.0",       FIXTURE_START_NS};

    for (size_t i = 0; i < FIXTURE_METRICS; i++)
        list[i] = metrics[i].metric;
    if (store_put_run(fixture->store, &run, error) < 0 ||
        store_put_fact(fixture->store, "runner", "kernel", "6.1.0", error) < 0)
        return -1;
    for (size_t i = 0; i < FIXTURE_TARGETS; i++) {
        if (store_put_target(fixture->store, target_names[i], target_roles[i], "198.18.0.2",
                             &fixture->targets[i], error) < 0 ||
            store_put_metric_set(fixture->store, fixture->targets[i], "cgroup", list,
                                 FIXTURE_METRICS, &fixture->metric_sets[i], error) < 0)
            return -1;
    }
    return 0;
}

/* Up to what was requested, each as long as the others. */
static int put_levels(struct fixture *fixture, const struct fixture_experiment *experiment,
                      int64_t injection_id, struct error *error)
{
    int64_t count = (int64_t)fixture->setting->levels;
    int64_t length = experiment->gone - experiment->applied;

    for (int64_t i = 0; i < count; i++) {
        int64_t applied = experiment->applied + i * length / count;
        double requested = faults[experiment->fault].requested * (double)(i + 1) / (double)count;
        struct store_level level = {
            i + 1,
            requested,
            requested * 0.99,
            false,
            applied - 100 * CLOCK_MILLISECOND,
            applied,
            applied + CLOCK_MILLISECOND,
            applied + 500 * CLOCK_MILLISECOND,
            CLOCK_MILLISECOND,
            EDGE_ERROR,
        };

        if (store_put_level(fixture->store, injection_id, &level, error) < 0)
            return -1;
    }
    return 0;
}

static int put_injection(struct fixture *fixture, const struct fixture_experiment *experiment,
                         bool phantom, struct error *error)
{
    const struct fixture_fault *fault = &faults[experiment->fault];
    char token[24];
    struct store_injection injection = {
        experiment->id, fixture->targets[FAULTY_TARGET],
        token,          fault->name,
        "high",         fault->requested,
        fault->unit,    30 * PERIOD,
    };
    const struct {
        const char *kind;
        int64_t time;
    } edges[] = {
        {"start-commanded", experiment->applied - 100 * CLOCK_MILLISECOND},
        {"applied", experiment->applied},
        {"verified", experiment->applied + 500 * CLOCK_MILLISECOND},
        {"end-commanded", experiment->gone - 100 * CLOCK_MILLISECOND},
        {"gone", experiment->gone},
    };
    int64_t id;

    snprintf(token, sizeof token, "fixture%06d", (int)experiment->id);
    if (store_begin_injection(fixture->store, &injection, &id, error) < 0)
        return -1;
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++) {
        struct store_edge edge = {edges[i].kind, edges[i].time + CLOCK_MILLISECOND, edges[i].time,
                                  CLOCK_MILLISECOND, EDGE_ERROR};

        if (store_put_edge(fixture->store, id, &edge, error) < 0)
            return -1;
    }
    if (put_levels(fixture, experiment, id, error) < 0 ||
        store_set_injection_mechanism(fixture->store, id, fault->mechanism, error) < 0 ||
        store_set_injection_achieved(fixture->store, id, fault->requested * (phantom ? 0 : 0.99),
                                     phantom, "measured on the target", error) < 0)
        return -1;
    return store_set_injection_state(fixture->store, id, "proven", NULL, error);
}

static bool in_fault(const struct fixture_experiment *experiment, int64_t time)
{
    return experiment->fault != NOMINAL && time > experiment->applied && time <= experiment->gone;
}

/* The own target reacts in full, the others a fifth of it (propagation). */
static int put_observations(struct fixture *fixture, const struct fixture_experiment *experiment,
                            size_t target, struct error *error)
{
    double values[FIXTURE_METRICS];
    double strength = fixture->setting->effect * (target == FAULTY_TARGET ? 1 : 0.2);

    for (size_t i = 0; i < FIXTURE_METRICS; i++)
        values[i] = metrics[i].metric.counter ? 1000 * metrics[i].mean : 0;
    for (size_t n = 0; n < fixture->setting->observations; n++) {
        int64_t time = experiment->start + (int64_t)(n + 1) * PERIOD;

        for (size_t i = 0; i < FIXTURE_METRICS; i++) {
            const struct fixture_metric *row = &metrics[i];
            bool moved = row->fault == experiment->fault && in_fault(experiment, time);
            double deviation = row->fault == NOMINAL ? 0 : 0.05 * row->mean;
            double value = row->mean + deviation * (noise(fixture) + (moved ? strength : 0));

            values[i] = row->metric.counter ? values[i] + floor(fmax(value, 0)) : value;
        }
        if (store_put_observation(fixture->store, experiment->id, fixture->metric_sets[target],
                                  time - PERIOD, time, values, FIXTURE_METRICS, error) < 0)
            return -1;
    }
    return 0;
}

/* Failed calls of 100 in the period that ends at `time`. */
static int64_t failed_calls(struct fixture *fixture, const struct fixture_experiment *experiment,
                            int64_t time)
{
    bool in_outage = experiment->fault != NOMINAL && time > experiment->gone &&
                     time <= experiment->gone + (int64_t)fixture->setting->outage * PERIOD;
    int64_t failed = 0;

    if (in_fault(experiment, time))
        failed = 10 + (int64_t)random_below(&fixture->random, 20);
    if (in_fault(experiment, time) && experiment->fault == LATENCY)
        failed += (int64_t)fixture->setting->failures;
    return in_outage ? 100 : failed;
}

static int put_service(struct fixture *fixture, const struct fixture_experiment *experiment,
                       struct error *error)
{
    for (size_t n = 0; n < fixture->setting->observations; n++) {
        int64_t time = experiment->start + (int64_t)(n + 1) * PERIOD;
        bool faulty = in_fault(experiment, time);
        int64_t failed = failed_calls(fixture, experiment, time);
        struct store_service_count failure = {"timeout-on-receive", failed};
        struct store_service_response responses[] = {
            {"invite", (faulty ? 40 : 5) * CLOCK_MILLISECOND, CLOCK_MILLISECOND},
            {"call", (faulty ? 90 : 9) * CLOCK_MILLISECOND, -1},
        };
        struct store_service_sample sample = {
            experiment->id, "load", time - PERIOD, time,     100,        100,       100 - failed,
            failed,         5,      faulty,        &failure, failed > 0, responses, 2,
            NULL,           0,
        };

        if (store_put_service_sample(fixture->store, &sample, error) < 0)
            return -1;
    }
    return 0;
}

static int put_experiment(struct fixture *fixture, size_t cell, struct error *error)
{
    bool nominal = cell == fixture->setting->experiments;
    bool invalid = cell < fixture->setting->experiments &&
                   cell + fixture->setting->invalid >= fixture->setting->experiments;
    int64_t length = (int64_t)fixture->setting->observations * PERIOD;
    int64_t repetition = nominal ? 1 : 1 + (int64_t)cell / FIXTURE_FAULT_TYPES;
    struct fixture_experiment experiment = {
        .fault = nominal ? NOMINAL : (int)(cell % FIXTURE_FAULT_TYPES),
        .start = FIXTURE_START_NS + (int64_t)cell * (length + 10 * PERIOD),
    };
    char name[64];
    struct store_experiment row = {.cell = (int64_t)cell,
                                   .name = name,
                                   .repetition = repetition,
                                   .started_ns = experiment.start - 5 * PERIOD};

    experiment.applied = experiment.start + length / 3;
    experiment.gone = experiment.start + 2 * length / 3;
    experiment.end = experiment.start + length;
    snprintf(name, sizeof name, "nominal-%d", (int)repetition);
    if (!nominal) {
        row.fault_type = faults[experiment.fault].name;
        row.intensity = "high";
        row.target_id = fixture->targets[FAULTY_TARGET];
        snprintf(name, sizeof name, "%s-high-sprout-%d", row.fault_type, (int)repetition);
    }
    if (store_begin_experiment(fixture->store, &row, &experiment.id, error) < 0 ||
        (!nominal && put_injection(fixture, &experiment, invalid, error) < 0))
        return -1;
    for (size_t i = 0; i < FIXTURE_TARGETS; i++) {
        if (put_observations(fixture, &experiment, i, error) < 0)
            return -1;
    }
    if (put_service(fixture, &experiment, error) < 0 ||
        store_set_measured(fixture->store, experiment.id, experiment.start, experiment.end, error) <
            0)
        return -1;
    return store_end_experiment(fixture->store, experiment.id, experiment.end + PERIOD,
                                invalid ? "the fault did not take hold" : NULL, NULL, error);
}

int fixture_run_make(const char *folder, const struct fixture_run *setting, struct error *error)
{
    struct fixture fixture = {.setting = setting};
    int64_t span = (int64_t)(setting->observations + 10) * PERIOD;
    int result;

    random_seed(&fixture.random, setting->seed);
    if (store_create(folder, &fixture.store, error) < 0)
        return -1;
    result = put_head(&fixture, error);
    for (size_t cell = 0; result == 0 && cell <= setting->experiments; cell++)
        result = put_experiment(&fixture, cell, error);
    if (result == 0)
        result = store_set_run_state(fixture.store, "complete",
                                     FIXTURE_START_NS + (int64_t)(setting->experiments + 1) * span,
                                     error);
    if (result < 0) {
        struct error ignored;

        store_close(fixture.store, &ignored);
        return -1;
    }
    return store_close(fixture.store, error);
}

char *fixture_folder(void)
{
    const char *parent = getenv("TMPDIR");
    char *folder = memory_format("%s/vnfault-test.XXXXXX", parent != NULL ? parent : "/tmp");

    if (mkdtemp(folder) == NULL) {
        perror(folder);
        exit(1);
    }
    return folder;
}
