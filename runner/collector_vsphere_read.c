/*
 * One reading of the vSphere collector: the server's clock, the states of all VMs in one question,
 * then the samples since the last ones, of as many VMs a question as are answered in good time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/collector_vsphere.h"
#include "runner/vsphere_element.h"

enum {
    BATCH_VALUES = 20000, /* that are asked for at once: 2 to 4 MB of answer */
    BATCH_MACHINES = 250,
    MOST_SPLITS = 64,  /* of batches in one reading: enough to single out eight of 250 */
    MOST_INTERVALS = 5 /* without a new sample until a machine counts as missed */
};

/* A reading at work. */
struct reading {
    struct vsphere_group *group;
    const struct collector_sink *sink;
    int64_t now; /* server's clock */
    size_t splits;
};

/* Machines of one call. */
struct batch {
    struct vsphere_machine **machines;
    size_t count;
};

/* Makes one call for all of the batch. A fault may be about one of them only. */
typedef int batch_call(struct reading *reading, const struct batch *batch, struct error *error);

static size_t source_of(const struct reading *reading, const struct vsphere_machine *machine)
{
    return (size_t)(machine - reading->group->machines);
}

static void miss(struct reading *reading, struct vsphere_machine *machine,
                 const struct error *error)
{
    if (!machine->is_due)
        return;
    machine->is_due = false;
    reading->sink->missed(reading->sink->context, source_of(reading, machine), error);
}

static void miss_all(struct reading *reading, const struct error *error)
{
    for (size_t i = 0; i < reading->group->count; i++)
        miss(reading, &reading->group->machines[i], error);
}

/* Whether the fault may be about one machine of a call only: any may that isn't about the user, be
 * it that a machine is gone or that its host doesn't answer. */
static bool is_of_one(const struct soap_fault *fault)
{
    return fault->name[0] != '\0' && strcmp(fault->name, "NotAuthenticated") != 0 &&
           strcmp(fault->name, "InvalidLogin") != 0;
}

/* A machine that is gone is looked for again at the next reading. */
static void miss_batch(struct reading *reading, const struct batch *batch,
                       const struct error *error)
{
    const struct soap_fault *fault = vsphere_session_fault(reading->group->session);

    if (batch->count == 1 && strcmp(fault->name, "ManagedObjectNotFound") == 0)
        batch->machines[0]->reference = (struct vsphere_reference){0};
    for (size_t i = 0; i < batch->count; i++)
        miss(reading, batch->machines[i], error);
}

/* One machine must not cost the others their samples: a batch with one that is refused is halved
 * until that one is alone. */
static void call_batch(struct reading *reading, batch_call *call, const struct batch *batch)
{
    struct error error;

    if (call(reading, batch, &error) == 0)
        return;
    if (batch->count > 1 && reading->splits < MOST_SPLITS &&
        is_of_one(vsphere_session_fault(reading->group->session))) {
        size_t half = batch->count / 2;
        const struct batch first = {batch->machines, half};
        const struct batch second = {batch->machines + half, batch->count - half};

        reading->splits++;
        call_batch(reading, call, &first);
        call_batch(reading, call, &second);
        return;
    }
    miss_batch(reading, batch, &error);
}

/* How many values the machine's next answer will have. */
static size_t values_of(const struct reading *reading, const struct vsphere_machine *machine)
{
    int64_t behind = (reading->now - machine->last) / (reading->group->interval * CLOCK_SECOND);
    size_t instants = 1;

    if (machine->last != 0 && behind > 1)
        instants = behind < VSPHERE_KEPT_SAMPLES ? (size_t)behind : VSPHERE_KEPT_SAMPLES;
    return instants * machine->series.count;
}

/* Calls for all machines that are due, in batches. */
static void call_all(struct reading *reading, batch_call *call)
{
    struct vsphere_group *group = reading->group;
    struct batch batch = {memory_new(group->count + 1, sizeof *batch.machines), 0};
    size_t values = 0;

    for (size_t i = 0; i < group->count; i++) {
        struct vsphere_machine *machine = &group->machines[i];
        size_t more = values_of(reading, machine);

        if (!machine->is_due)
            continue;
        if (batch.count > 0 && (batch.count == BATCH_MACHINES || values + more > BATCH_VALUES)) {
            call_batch(reading, call, &batch);
            batch.count = 0;
            values = 0;
        }
        batch.machines[batch.count++] = machine;
        values += more;
    }
    if (batch.count > 0)
        call_batch(reading, call, &batch);
    free(batch.machines);
}

static void find_lost(struct reading *reading)
{
    struct vsphere_group *group = reading->group;
    size_t *found = memory_new(group->count + 1, sizeof *found);
    struct error failure;
    int result = vsphere_group_find(group, found, &failure);

    for (size_t i = 0; i < group->count; i++) {
        struct vsphere_machine *machine = &group->machines[i];

        if (machine->reference.value[0] != '\0')
            continue;
        if (result == 0)
            vsphere_not_found(machine, found[i], &failure);
        miss(reading, machine, &failure);
    }
    free(found);
}

static int call_states(struct reading *reading, const struct batch *batch, struct error *error)
{
    struct vsphere_reference *references = memory_new(batch->count, sizeof *references);
    struct vsphere_state *states = memory_new(batch->count, sizeof *states);
    int result;

    for (size_t i = 0; i < batch->count; i++)
        references[i] = batch->machines[i]->reference;
    result = vsphere_states(reading->group->session, references, batch->count, states, error);
    for (size_t i = 0; result == 0 && i < batch->count; i++) {
        struct error failure;

        if (vsphere_machine_check(batch->machines[i], &states[i], &failure) < 0)
            miss(reading, batch->machines[i], &failure);
    }
    free(states);
    free(references);
    return result;
}

/* Lists the series of those whose series may be others now. */
static void list_stale(struct reading *reading)
{
    struct vsphere_group *group = reading->group;

    for (size_t i = 0; i < group->count; i++) {
        struct vsphere_machine *machine = &group->machines[i];
        struct vsphere_machine was;
        struct error error;
        bool is_changed;

        if (!machine->is_due || !machine->is_stale)
            continue;
        if (vsphere_machine_list(group, machine, &was, &is_changed, &error) < 0)
            miss(reading, machine, &error);
        else if (is_changed)
            reading->sink->changed(reading->sink->context, i);
        vsphere_machine_clear(&was);
    }
}

static void give_samples(struct reading *reading, struct vsphere_machine *machine,
                         const struct vsphere_samples *samples)
{
    const struct vsphere_clock *clock = &reading->group->clock;

    for (size_t i = 0; i < samples->count; i++) {
        const struct collected_sample sample = {
            .source = source_of(reading, machine),
            .from = samples->times[i] + clock->offset - clock->bound,
            .until = samples->times[i] + clock->offset + clock->bound,
            .source_time = samples->times[i],
            .values = samples->values + i * machine->series.count,
        };

        reading->sink->sample(reading->sink->context, &sample);
        machine->last = samples->times[i];
        machine->heard = reading->now;
        machine->is_due = false;
    }
    /* A series that came or went since the last answer: there may be others. */
    if (samples->count > 0 && samples->answered != machine->answered) {
        machine->is_stale = machine->answered != 0;
        machine->answered = samples->answered;
    }
}

/* The machines of a batch, and whose samples these are. */
struct taking {
    struct reading *reading;
    const struct batch *batch;
};

static void take_samples(void *context, const struct vsphere_reference *reference,
                         const xmlNode *element)
{
    struct taking *taking = context;

    for (size_t i = 0; i < taking->batch->count; i++) {
        struct vsphere_machine *machine = taking->batch->machines[i];
        struct vsphere_samples samples;
        struct error error;

        if (!machine->is_due || !vsphere_reference_is(&machine->reference, reference))
            continue;
        if (vsphere_samples_read(element, &machine->series, machine->last, &samples, &error) < 0)
            miss(taking->reading, machine, &error);
        else
            give_samples(taking->reading, machine, &samples);
        vsphere_samples_free(&samples);
    }
}

static int call_samples(struct reading *reading, const struct batch *batch, struct error *error)
{
    struct taking taking = {reading, batch};
    struct vsphere_query *queries = memory_new(batch->count, sizeof *queries);
    int result;

    for (size_t i = 0; i < batch->count; i++)
        queries[i] = (struct vsphere_query){&batch->machines[i]->reference,
                                            &batch->machines[i]->series, batch->machines[i]->last};
    result = vsphere_query_samples(reading->group->session, queries, batch->count,
                                   reading->group->interval, take_samples, &taking, error);
    free(queries);
    return result;
}

/* A server has a new sample every interval, a while after its instant: at a shorter period there
 * is often none, which is no miss. */
static void miss_silent(struct reading *reading)
{
    struct vsphere_group *group = reading->group;

    for (size_t i = 0; i < group->count; i++) {
        struct vsphere_machine *machine = &group->machines[i];
        struct error error;

        if (!machine->is_due)
            continue;
        if (machine->heard == 0)
            machine->heard = reading->now;
        if (reading->now - machine->heard <= MOST_INTERVALS * group->interval * CLOCK_SECOND)
            continue;
        error_set(&error, ERROR_UNREACHABLE, "VM '%s' has had no new sample for %lld s",
                  machine->name, (long long)((reading->now - machine->heard) / CLOCK_SECOND));
        error_target(&error, machine->target->name);
        miss(reading, machine, &error);
    }
}

void vsphere_group_read(void *state, const struct collector_reading *given)
{
    struct vsphere_group *group = state;
    struct reading reading = {.group = group, .sink = given->sink};
    struct error error;

    for (size_t i = 0; i < group->count; i++)
        group->machines[i].is_due = true;
    vsphere_session_bound(group->session, given->deadline, given->stop);
    if (vsphere_session_clock(group->session, &group->clock, &error) < 0) {
        miss_all(&reading, &error);
        return;
    }
    reading.now = clock_now() - group->clock.offset;
    find_lost(&reading);
    call_all(&reading, call_states);
    list_stale(&reading);
    call_all(&reading, call_samples);
    miss_silent(&reading);
}
