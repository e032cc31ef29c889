#include "runner/experiment_injections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int open_groups(struct experiment_injections *injections, size_t count, struct error *error)
{
    injections->groups = memory_new(count, sizeof *injections->groups);
    for (; injections->group_count < count; injections->group_count++) {
        if (stop_open(&injections->groups[injections->group_count], error) < 0)
            return -1;
    }
    return 0;
}

/* One after the other, so that their rows have the order of the plan. */
static int begin(struct experiment_injections *injections, struct run *run, int64_t experiment_id,
                 const struct planned_experiment *experiment, struct error *error)
{
    injections->items = memory_new(experiment->injection_count, sizeof *injections->items);
    for (size_t i = 0; i < experiment->injection_count; i++) {
        const struct planned_injection *planned = &experiment->injections[i];
        struct injection_run *injection = &injections->items[i];

        injection->store = run->store;
        injection->experiment_id = experiment_id;
        injection->planned = planned;
        injection->injector = injector_find(run->setting->injectors, planned->fault->type);
        injection->session = sessions_find(&run->sessions, planned->target->name);
        injection->load = &run->setting->plan->campaign->load;
        injection->workload = &run->workload;
        injection->owner = run->sessions.owner;
        injection->lease = run->setting->lease;
        injection->stop = &injections->groups[planned->group];
        injections->count++;
        if (injection_run_begin(injection, error) < 0)
            return -1;
    }
    return 0;
}

/* One that is being armed. */
struct arming {
    struct injection_run *injection;
    pthread_t thread;
    bool running;
    int result;
    struct error error;
};

static void *arm_one(void *argument)
{
    struct arming *arming = argument;

    arming->result = injection_run_arm(arming->injection, &arming->error);
    return NULL;
}

/* Side by side: a hundred targets take about as long as one. */
static int arm(struct experiment_injections *injections, struct error *error)
{
    struct arming *armings = memory_new(injections->count, sizeof *armings);
    int result = 0;

    for (size_t i = 0; i < injections->count && result == 0; i++) {
        armings[i].injection = &injections->items[i];
        if (pthread_create(&armings[i].thread, NULL, arm_one, &armings[i]) != 0)
            result = error_set(error, ERROR_INTERNAL, "can't start a thread for an injection");
        else
            armings[i].running = true;
    }
    for (size_t i = 0; i < injections->count; i++) {
        if (!armings[i].running)
            continue;
        pthread_join(armings[i].thread, NULL);
        if (armings[i].result < 0 && result == 0) {
            *error = armings[i].error;
            result = -1;
        }
    }
    free(armings);
    return result;
}

int experiment_injections_arm(struct experiment_injections *injections, struct run *run,
                              int64_t experiment_id, const struct planned_experiment *experiment,
                              struct error *error)
{
    if (open_groups(injections, experiment->group_count, error) < 0 ||
        begin(injections, run, experiment_id, experiment, error) < 0)
        return -1;
    return arm(injections, error);
}

int experiment_injections_start(struct experiment_injections *injections, int64_t measured_from,
                                struct error *error)
{
    for (size_t i = 0; i < injections->count; i++) {
        if (injection_run_start(&injections->items[i], measured_from, error) < 0)
            return -1;
    }
    return 0;
}

/* What one of them is doing; NULL if nothing is to be seen of it. */
static const char *activity_of(const struct injection_run *injection)
{
    static const char *const activities[] = {
        [PHASE_ARMED] = NULL,          [PHASE_APPLYING] = "applying",
        [PHASE_HOLDING] = "injecting", [PHASE_REVERTING] = "reverting",
        [PHASE_OVER] = NULL,
    };

    return activities[atomic_load(&injection->phase)];
}

void experiment_injections_describe(const struct experiment_injections *injections, char *text,
                                    size_t size)
{
    const char *previous = "";

    text[0] = '\0';
    for (size_t i = 0; i < injections->count; i++) {
        const struct injection_run *injection = &injections->items[i];
        const struct planned_injection *planned = injection->planned;
        const char *activity = activity_of(injection);
        size_t used = strlen(text);

        if (activity == NULL)
            continue;
        snprintf(text + used, size - used, "%s%s%s%s %g%s on %s", used > 0 ? ", " : "",
                 strcmp(activity, previous) != 0 ? activity : "",
                 strcmp(activity, previous) != 0 ? " " : "", planned->fault->type,
                 planned->steps[atomic_load(&injection->step)].value, planned->intensity->unit,
                 injection->session->host->name);
        previous = activity;
    }
}

void experiment_injections_stop(struct experiment_injections *injections, int reason)
{
    for (size_t i = 0; i < injections->group_count; i++)
        stop_request(&injections->groups[i], reason);
}

void experiment_injections_finish(struct experiment_injections *injections)
{
    for (size_t i = 0; i < injections->count; i++)
        injection_run_finish(&injections->items[i]);
}

void experiment_injections_free(struct experiment_injections *injections)
{
    for (size_t i = 0; i < injections->group_count; i++)
        stop_close(&injections->groups[i]);
    free(injections->groups);
    free(injections->items);
}
