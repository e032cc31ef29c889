/* A VM of the vSphere collector: found, looked at, and its series listed. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/collector_vsphere.h"

int vsphere_not_found(const struct vsphere_machine *machine, size_t found, struct error *error)
{
    if (found == 0)
        error_set(error, ERROR_UNREACHABLE, "there is no VM '%s' that the user may see",
                  machine->name);
    else
        error_set(error, ERROR_INPUT, "%zu VMs are called '%s'", found, machine->name);
    if (found > 1)
        error_hint(error, "give the attribute vm as inventory path: 'DATACENTER/vm/FOLDER/NAME'");
    return error_target(error, machine->target->name);
}

int vsphere_group_find(struct vsphere_group *group, size_t *found, struct error *error)
{
    struct vsphere_wanted *wanted = memory_new(group->count + 1, sizeof *wanted);
    size_t *places = memory_new(group->count + 1, sizeof *places);
    size_t count = 0;
    int result;

    for (size_t i = 0; i < group->count; i++) {
        found[i] = 1;
        if (group->machines[i].reference.value[0] != '\0')
            continue;
        places[count] = i;
        wanted[count++].name = group->machines[i].name;
    }
    result = count > 0 ? vsphere_find(group->session, wanted, count, error) : 0;
    for (size_t i = 0; result == 0 && i < count; i++) {
        struct vsphere_machine *machine = &group->machines[places[i]];

        found[places[i]] = wanted[i].found;
        if (wanted[i].found != 1)
            continue;
        machine->reference = wanted[i].machine;
        machine->state = (struct vsphere_state){0};
        machine->is_stale = true;
        machine->last = 0;
        machine->heard = 0;
    }
    free(places);
    free(wanted);
    return result;
}

int vsphere_machine_check(struct vsphere_machine *machine, const struct vsphere_state *state,
                          struct error *error)
{
    bool is_on = state->is_told && strcmp(state->power, "poweredOn") == 0;

    if (strcmp(state->power, machine->state.power) != 0 ||
        strcmp(state->host, machine->state.host) != 0 ||
        strcmp(state->configuration, machine->state.configuration) != 0)
        machine->is_stale = true;
    machine->state = *state;
    if (is_on)
        return 0;
    /* When it is on again it is given time to have samples. */
    machine->heard = 0;
    error_set(error, ERROR_UNREACHABLE, "VM '%s' is %s", machine->name,
              !state->is_told                           ? "in a state that the server doesn't tell"
              : strcmp(state->power, "poweredOff") == 0 ? "powered off"
              : strcmp(state->power, "suspended") == 0  ? "suspended"
                                                        : "not powered on");
    return error_target(error, machine->target->name);
}

static bool is_same(const struct vsphere_series_list *one, const struct vsphere_series_list *other)
{
    if (one->count != other->count)
        return false;
    for (size_t i = 0; i < one->count; i++) {
        if (one->items[i].counter != other->items[i].counter ||
            strcmp(one->items[i].instance, other->items[i].instance) != 0)
            return false;
    }
    return true;
}

int vsphere_machine_list(struct vsphere_group *group, struct vsphere_machine *machine,
                         struct vsphere_machine *was, bool *is_changed, struct error *error)
{
    struct vsphere_machine now = *machine;

    *is_changed = false;
    *was = (struct vsphere_machine){0};
    now.series = (struct vsphere_series_list){0};
    if (vsphere_available_series(group->session, &machine->reference, group->interval, &now.series,
                                 error) < 0) {
        vsphere_series_free(&now.series);
        return error_target(error, machine->target->name);
    }
    now.metrics = vsphere_metrics(&group->catalogue, &now.series);
    if (now.series.count == 0) {
        vsphere_machine_clear(&now);
        error_set(error, ERROR_UNREACHABLE, "VM '%s' has no real-time performance figures",
                  machine->name);
        error_hint(error, "a VM has them a minute after it is powered on");
        return error_target(error, machine->target->name);
    }
    now.is_stale = false;
    now.answered = 0;
    *is_changed = !is_same(&now.series, &machine->series);
    if (*is_changed) {
        *was = *machine;
        *machine = now;
    } else {
        vsphere_machine_clear(&now);
        machine->is_stale = false;
    }
    return 0;
}

void vsphere_machine_clear(struct vsphere_machine *machine)
{
    vsphere_metrics_free(machine->metrics, machine->series.count);
    machine->metrics = NULL;
    vsphere_series_free(&machine->series);
}
