#include "runner/campaign_fault.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/campaign_profile.h"
#include "runner/findings.h"
#include "runner/load_fault.h"

static void report_unknown_type(struct element element, const char *type,
                                const struct injector_table *injectors)
{
    const char **names = memory_new(injectors->count, sizeof *names);
    struct text hint = {0};

    for (size_t i = 0; i < injectors->count; i++)
        names[i] = injectors->items[i].name;
    hint_append_names(&hint, "known", type, names, injectors->count);
    text_append(&hint, "; those of your own are in the folder that $VNFAULT_INJECTORS names");
    element_finding(element, "type", text_string(&hint), "unknown fault type \"%.60s\"", type);
    text_free(&hint);
    free(names);
}

static bool has_intensity(const struct fault *fault, const char *name)
{
    for (size_t i = 0; i < fault->intensity_count; i++) {
        if (strcmp(fault->intensities[i].name, name) == 0)
            return true;
    }
    return false;
}

/* True if an intensity of that name of the same fault type was read before: experiments are named
 * by both. */
static bool name_is_taken(const struct campaign *campaign, const struct fault *fault,
                          const char *name)
{
    for (size_t i = 0; i < campaign->fault_count; i++) {
        if (strcmp(campaign->faults[i].type, fault->type) == 0 &&
            has_intensity(&campaign->faults[i], name))
            return true;
    }
    return has_intensity(fault, name);
}

static void check_intensity(const struct campaign *campaign, const struct fault *fault,
                            struct element element, const struct intensity *intensity)
{
    if (intensity->name[0] != '\0' && name_is_taken(campaign, fault, intensity->name))
        element_finding(element, "name", "each intensity of a fault type has a name of its own",
                        "\"%s\" has the intensity \"%s\" already", fault->type, intensity->name);
    for (size_t i = 0; i < fault->intensity_count && intensity->value >= 0; i++) {
        if (intensity->step_count == 0 && fault->intensities[i].step_count == 0 &&
            fault->intensities[i].value == intensity->value)
            element_finding(element, "value", "", "the intensity \"%s\" has the same value",
                            fault->intensities[i].name);
    }
}

static void add_intensity(struct campaign *campaign, struct fault *fault, struct element element,
                          const struct injector *injector)
{
    struct intensity *intensity;
    const char *unit = injector != NULL ? injector->unit : "";

    fault->intensities =
        memory_resize(fault->intensities, fault->intensity_count + 1, sizeof *fault->intensities);
    intensity = &fault->intensities[fault->intensity_count];
    *intensity =
        (struct intensity){.name = element_text(element, "name", ""), .unit = memory_string(unit)};
    if (element_is(element, "profile")) {
        campaign_read_profile(intensity, element, injector);
    } else {
        intensity->value = campaign_read_value(element, "value", injector);
        intensity->text = memory_format("%g%s", intensity->value, unit);
    }
    check_intensity(campaign, fault, element, intensity);
    fault->intensity_count++;
}

static void read_intensities(struct campaign *campaign, struct fault *fault, struct element parent,
                             const struct injector *injector)
{
    static const char *const kinds[] = {"intensity", "profile"};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (struct element element = element_child(parent, kinds[i]); element.node != NULL;
             element = element_next(element))
            add_intensity(campaign, fault, element, injector);
    }
    if (fault->intensity_count == 0)
        element_finding(parent, NULL,
                        "add <intensity name=\"...\" value=\"...\"/> or a <profile name=\"...\">",
                        "the fault has no intensity");
}

static void check_parameter_value(struct element element, const struct injector_parameter *known,
                                  const char *value)
{
    struct error error = {0};
    size_t count = 0;

    if (injector_parameter_check(known, value, &error) == 0)
        return;
    if (known->allowed == NULL) {
        element_finding(element, "value", error.hint, "%s", error.what);
        return;
    }
    while (known->allowed[count] != NULL)
        count++;
    element_unknown(element, "value", known->name, value, (const char *const *)known->allowed,
                    count);
}

static void check_parameter(struct element element, const struct fault *fault,
                            const struct parameter *parameter, const struct injector *injector)
{
    const char **names;

    for (size_t i = 0; i < fault->parameter_count; i++) {
        if (strcmp(fault->parameters[i].name, parameter->name) == 0)
            element_finding(element, "name", "", "the parameter \"%s\" is there already",
                            parameter->name);
    }
    if (injector == NULL || parameter->name[0] == '\0')
        return;
    for (size_t i = 0; i < injector->parameter_count; i++) {
        if (strcmp(injector->parameters[i].name, parameter->name) == 0) {
            check_parameter_value(element, &injector->parameters[i], parameter->value);
            return;
        }
    }
    names = memory_new(injector->parameter_count, sizeof *names);
    for (size_t i = 0; i < injector->parameter_count; i++)
        names[i] = injector->parameters[i].name;
    element_unknown(element, "name", "parameter", parameter->name, names,
                    injector->parameter_count);
    free(names);
}

static void read_parameters(struct fault *fault, struct element parent,
                            const struct injector *injector)
{
    size_t capacity = 0;

    for (struct element element = element_child(parent, "parameter"); element.node != NULL;
         element = element_next(element)) {
        struct parameter parameter = {.name = element_text(element, "name", ""),
                                      .value = element_text(element, "value", "")};

        check_parameter(element, fault, &parameter, injector);
        fault->parameters = memory_grow(fault->parameters, fault->parameter_count, &capacity,
                                        sizeof *fault->parameters);
        fault->parameters[fault->parameter_count++] = parameter;
    }
}

static void check_load_fault(const struct campaign *campaign, struct element element,
                             const struct injector *injector)
{
    struct error error = {0};

    if (injector->load_fault->check(&campaign->load, &error) < 0)
        element_finding(element, "type", error.hint, "%s", error.what);
}

void campaign_read_faults(struct campaign *campaign, struct element faults,
                          const struct injector_table *injectors)
{
    size_t capacity = 0;

    for (struct element element = element_child(faults, "fault"); element.node != NULL;
         element = element_next(element)) {
        struct fault fault = {.type = element_text(element, "type", ""),
                              .line = xml_line(element.node, NULL)};
        const struct injector *injector = injector_find(injectors, fault.type);

        if (injector == NULL && fault.type[0] != '\0' && injectors->count > 0)
            report_unknown_type(element, fault.type, injectors);
        fault.owns = injector != NULL ? memory_string(injector->owns) : NULL;
        fault.ends_connection = injector != NULL && injector->ends_connection;
        fault.level_time = injector != NULL ? injector->level_time : 0;
        fault.in_load = injector != NULL && injector->load_fault != NULL;
        if (fault.in_load)
            check_load_fault(campaign, element, injector);
        read_intensities(campaign, &fault, element, injector);
        read_parameters(&fault, element, injector);
        campaign->faults = memory_grow(campaign->faults, campaign->fault_count, &capacity,
                                       sizeof *campaign->faults);
        campaign->faults[campaign->fault_count++] = fault;
    }
}

bool campaign_needs_targets(const struct campaign *campaign)
{
    for (size_t i = 0; i < campaign->fault_count; i++) {
        if (!campaign->faults[i].in_load)
            return true;
    }
    return false;
}

void intensity_free(struct intensity *intensity)
{
    free(intensity->name);
    free(intensity->unit);
    free(intensity->text);
    free(intensity->steps);
}

void fault_free(struct fault *fault)
{
    for (size_t i = 0; i < fault->intensity_count; i++)
        intensity_free(&fault->intensities[i]);
    for (size_t i = 0; i < fault->parameter_count; i++) {
        free(fault->parameters[i].name);
        free(fault->parameters[i].value);
    }
    free(fault->intensities);
    free(fault->parameters);
    free(fault->type);
    free(fault->owns);
}
