#include "runner/campaign_profile.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

#define LEAST_STEP CLOCK_SECOND
enum { MOST_STEPS = 1000 };

double campaign_read_value(struct element element, const char *attribute,
                           const struct injector *injector)
{
    char *text = element_attribute(element, attribute);
    struct error error;
    double value = -1;

    if (text == NULL || injector == NULL) {
        value = -1;
    } else if (quantity_read_in(injector->unit, text, &value, &error) < 0) {
        element_finding(element, attribute, error.hint, "%s", error.what);
        value = -1;
    } else if (value < injector->least || value > injector->most) {
        char *hint = memory_format("%s is from %g%s to %g%s", injector->name, injector->least,
                                   injector->unit, injector->most, injector->unit);

        element_finding(element, attribute, hint, "\"%.60s\" is out of range", text);
        free(hint);
        value = -1;
    }
    free(text);
    return value;
}

int64_t intensity_length(const struct intensity *intensity, int64_t held)
{
    int64_t length = intensity->step_count > 0 ? 0 : held;

    for (size_t i = 0; i < intensity->step_count; i++)
        length += intensity->steps[i].length;
    return length;
}

static bool has_attribute(struct element element, const char *name)
{
    char *text = element_attribute(element, name);
    bool is_there = text != NULL;

    free(text);
    return is_there;
}

static void add_step(struct intensity *intensity, double value, int64_t length)
{
    intensity->steps =
        memory_resize(intensity->steps, intensity->step_count + 1, sizeof *intensity->steps);
    intensity->steps[intensity->step_count++] =
        (struct intensity_step){.value = value, .length = length};
}

/* <step value length/> ...; false if one is wrong. */
static bool read_listed(struct intensity *intensity, struct element parent,
                        const struct injector *injector)
{
    bool is_right = true;

    for (struct element element = element_child(parent, "step"); element.node != NULL;
         element = element_next(element)) {
        double value = campaign_read_value(element, "value", injector);
        int64_t length = -1;

        element_duration(element, "length", &length);
        if (length >= 0 && length < LEAST_STEP)
            element_finding(element, "length", "it is at least 1s", "the step is too short");
        is_right = is_right && value >= 0 && length >= LEAST_STEP;
        if (intensity->step_count < MOST_STEPS)
            add_step(intensity, value, length);
        else if (intensity->step_count == MOST_STEPS)
            element_finding(element, NULL, "", "a profile has at most %d steps", MOST_STEPS);
    }
    return is_right;
}

/* The way from one level to the other, by the step's size: up or down. */
static bool read_stairs(struct intensity *intensity, struct element element,
                        const struct injector *injector)
{
    double from = campaign_read_value(element, "from", injector);
    double to = campaign_read_value(element, "to", injector);
    double size = campaign_read_value(element, "step", injector);
    int64_t hold = -1;
    int64_t length = -1;
    double count;

    element_duration(element, "hold", &hold);
    element_duration(element, "length", &length);
    if (from < 0 || to < 0 || size <= 0 || (hold < 0 && length < 0))
        return false;
    count = floor(fabs(to - from) / size + 1e-9) + 1;
    if (count > MOST_STEPS) {
        element_finding(element, "step", "take larger steps", "a profile has at most %d steps",
                        MOST_STEPS);
        return false;
    }
    if (hold < 0)
        hold = length / (int64_t)count;
    if (hold < LEAST_STEP) {
        element_finding(element, length >= 0 ? "length" : "hold", "a step lasts at least 1s",
                        "the %.0f steps are too short", count);
        return false;
    }
    for (int i = 0; i < (int)count; i++)
        add_step(intensity, to >= from ? from + i * size : from - i * size, hold);
    return true;
}

/* Steps that are listed, or 'from', 'to' and 'step' with one of 'hold' and 'length'. */
static bool check_form(struct element element)
{
    static const char *const hint = "a profile is from=\"10%\" to=\"80%\" step=\"10%\" "
                                    "hold=\"450s\" (or length=\"1h\" of all), "
                                    "or a list of <step value=\"...\" length=\"...\"/>";
    bool is_listed = element_child(element, "step").node != NULL;
    int ends = has_attribute(element, "from") + has_attribute(element, "to") +
               has_attribute(element, "step");
    int times = has_attribute(element, "hold") + has_attribute(element, "length");

    if (is_listed ? ends + times == 0 : ends == 3 && times == 1)
        return true;
    element_finding(element, NULL, hint, "the profile is not complete, or says its steps twice");
    return false;
}

void campaign_read_profile(struct intensity *intensity, struct element element,
                           const struct injector *injector)
{
    bool is_right = check_form(element);
    const struct intensity_step *steps;

    if (injector != NULL && injector->ends_connection) {
        element_finding(element, NULL, "give it an <intensity>",
                        "%s happens once, it has no profile", injector->name);
        is_right = false;
    }
    if (is_right && element_child(element, "step").node != NULL)
        is_right = read_listed(intensity, element, injector);
    else if (is_right)
        is_right = read_stairs(intensity, element, injector);
    intensity->value = -1;
    if (!is_right) {
        intensity->text = memory_string("");
        return;
    }
    steps = intensity->steps;
    for (size_t i = 0; i < intensity->step_count; i++)
        intensity->value = fmax(intensity->value, steps[i].value);
    intensity->text = memory_format("%g%s..%g%s", steps[0].value, intensity->unit,
                                    steps[intensity->step_count - 1].value, intensity->unit);
}
