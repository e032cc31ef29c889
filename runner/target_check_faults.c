/* The campaign's faults on a host: tools, privileges, kernel features. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "runner/injection_means.h"
#include "runner/load_fault.h"
#include "runner/target_inspection.h"

/* Probes as the run will: tools, privileges, kernel features, and which mechanism it would be. */
static int probe(struct inspection *inspection, const struct fault *fault,
                 const struct intensity *intensity, struct finding_text *found, struct error *error)
{
    const struct campaign *campaign = inspection->setting->campaign;
    const struct injector *injector = injector_find(inspection->setting->injectors, fault->type);
    const struct injection_setting setting = {
        .access = inspection->access,
        .request =
            {
                .token = "targetcheck",
                .injector = injector,
                .value = intensity->value,
                .most = intensity->value,
                .parameters = fault->parameters,
                .parameter_count = fault->parameter_count,
                .lease = 20 * CLOCK_SECOND,
                .length = campaign->timeline.injection_length,
            },
        .load = &campaign->load,
    };
    const struct injection_means *means;
    struct injection_report report;
    void *injection;
    int result;

    if (injector == NULL)
        return error_set(error, ERROR_INPUT, "there is no injector '%s'", fault->type);
    means = injection_means_of(injector);
    injection = means->open(&setting);
    result = means->probe(injection, &report, error);
    means->close(injection);
    if (result == 0)
        snprintf(found->text, sizeof found->text, "%s",
                 report.mechanism[0] != '\0' ? report.mechanism : "ready");
    return result;
}

/* Whether the fault will be carried out on the host. */
static bool is_place_of(const struct campaign *campaign, const struct fault *fault,
                        const struct host *host)
{
    if (fault->in_load)
        return strcmp(load_fault_find(fault->type)->host(&campaign->load, fault), host->name) == 0;
    for (size_t i = 0; i < campaign->target_count; i++) {
        if (strcmp(campaign->targets[i], host->name) == 0)
            return true;
    }
    return false;
}

void inspection_check_faults(struct inspection *inspection)
{
    const struct campaign *campaign = inspection->setting->campaign;

    for (size_t i = 0; campaign != NULL && i < campaign->fault_count; i++) {
        const struct fault *fault = &campaign->faults[i];
        bool is_there = is_place_of(campaign, fault, inspection->host);

        for (size_t j = 0; is_there && j < fault->intensity_count; j++) {
            struct finding_text found = {0};
            struct error error = {0};
            char item[96];
            int result = probe(inspection, fault, &fault->intensities[j], &found, &error);

            snprintf(item, sizeof item, "%s %s", fault->type, fault->intensities[j].name);
            inspection_conclude(inspection, item, result, &found, &error);
        }
    }
}
