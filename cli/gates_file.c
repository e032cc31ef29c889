#include "cli/gates_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/element.h"
#include "runner/findings.h"
#include "runner/schema.h"

/* The figure of that name; FIGURES if there is none, which is a finding. */
static size_t read_figure(struct element element)
{
    char *name = element_text(element, "figure", "");
    size_t figure = 0;

    while (figure < FIGURES && strcmp(compared_figure_names[figure], name) != 0)
        figure++;
    if (figure == FIGURES && name[0] != '\0')
        element_unknown(element, "figure", "figure", name, compared_figure_names, FIGURES);
    free(name);
    return figure;
}

/* A share or a duration, as the figure has it. */
static void read_absolute(struct gate *gate, struct element element)
{
    enum quantity_kind kind = compared_figures[gate->figure].kind;

    element_quantity(element, "absolute", kind, &gate->absolute);
    if (kind == QUANTITY_DURATION)
        gate->absolute /= (double)CLOCK_SECOND;
}

/* It may be more than all of the base. */
static void read_relative(struct gate *gate, struct element element)
{
    char *text = element_attribute(element, "relative");
    struct error error;

    if (text != NULL && quantity_read_in("%", text, &gate->relative, &error) == 0)
        gate->relative /= 100;
    free(text);
}

static void read_significance(struct gate *gate, struct element element)
{
    element_quantity(element, "significance", QUANTITY_SHARE, &gate->significance);
    if (gate->significance == 0)
        element_finding(element, "significance", "5% is usual",
                        "no difference is significant at a share of 0");
    if (!isnan(gate->significance) && gate->figure >= FIGURES_OF_EXPERIMENTS)
        element_finding(element, "significance", "it goes by \"absolute\" or \"relative\" alone",
                        "there is no test of %s, which has no value of each experiment",
                        compared_figures[gate->figure].name);
}

static void read_worse(struct gate *gate, struct element element)
{
    char *worse = element_attribute(element, "worse");

    gate->higher_is_worse = worse != NULL ? strcmp(worse, "higher") == 0
                                          : compared_figures[gate->figure].higher_is_worse;
    free(worse);
}

static void check_names(const struct gate *gate, struct element element)
{
    bool is_nominal = gate->fault_type != NULL && strcmp(gate->fault_type, "nominal") == 0;

    if (is_nominal && (gate->intensity != NULL || gate->target != NULL))
        element_finding(element, "fault", "leave out \"intensity\" and \"target\"",
                        "nominal experiments have no intensity and no target");
    if (gate->figure < FIGURES_OF_EXPERIMENTS)
        return;
    if (gate->intensity != NULL)
        element_finding(element, "intensity", "it is of a fault type, or of fault=\"binary\"",
                        "a detector has no %s of an intensity",
                        compared_figures[gate->figure].name);
    if (gate->together)
        element_finding(element, "groups", "leave it out",
                        "the figures of detectors are judged one by one");
}

/* Whether it says from where on a difference is a regression, rightly or not. */
static bool has_any(struct element element)
{
    static const char *const names[] = {"absolute", "relative", "significance"};
    bool any = false;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *value = element_attribute(element, names[i]);

        any = any || value != NULL;
        free(value);
    }
    return any;
}

static void read_gate(struct gates *gates, struct element element)
{
    struct gate gate = {.figure = read_figure(element),
                        .absolute = NAN,
                        .relative = NAN,
                        .significance = NAN,
                        .experiments = 1,
                        .line = xml_line(element.node, NULL)};
    char *together;

    if (gate.figure == FIGURES)
        return;
    gate.fault_type = element_attribute(element, "fault");
    gate.intensity = element_attribute(element, "intensity");
    gate.target = element_attribute(element, "target");
    together = element_text(element, "groups", "each");
    gate.together = strcmp(together, "together") == 0;
    free(together);
    read_absolute(&gate, element);
    read_relative(&gate, element);
    read_significance(&gate, element);
    read_worse(&gate, element);
    element_number(element, "experiments", &gate.experiments);
    if (gate.experiments == 0)
        element_finding(element, "experiments", "1 is the least",
                        "without experiments nothing can be judged");
    if (!has_any(element))
        element_finding(element, NULL, "add \"absolute\", \"relative\" or \"significance\"",
                        "the gate doesn't say from where on a difference is a regression");
    check_names(&gate, element);
    gates->items = memory_grow(gates->items, gates->count, &gates->capacity, sizeof *gates->items);
    gates->items[gates->count++] = gate;
}

void gates_file_read(const char *path, struct gates *gates, struct findings *findings)
{
    struct xml_document *document = xml_read(path, XML_OURS, findings_report, findings);
    struct element root = {.findings = findings};

    memset(gates, 0, sizeof *gates);
    if (document == NULL)
        return;
    root.node = xml_root(document);
    if (schema_check(document, "gates.xsd", "gates", "urn:vnfault:gates:1", findings)) {
        for (struct element gate = element_child(root, "gate"); gate.node != NULL;
             gate = element_next(gate))
            read_gate(gates, gate);
    }
    xml_free(document);
    findings_sort(findings, path);
}
