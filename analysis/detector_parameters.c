/* What can be set of a detector, as words: 'NAME:PARAMETER=VALUE,...'. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/detector.h"
#include "base/memory.h"

static size_t count_parameters(const struct detector *detector)
{
    size_t count = 0;

    while (detector->parameters != NULL && detector->parameters[count].name != NULL)
        count++;
    return count;
}

static void append_value(const struct detector_parameter *parameter, double value,
                         struct text *text)
{
    char shortest[32];

    /* 15 digits are what people write, 17 give every number back. */
    snprintf(shortest, sizeof shortest, "%.15g", value);
    if (parameter->choices != NULL)
        text_append(text, parameter->choices[(size_t)value]);
    else if (strtod(shortest, NULL) == value)
        text_append(text, shortest);
    else
        text_appendf(text, "%.17g", value);
}

/* 'variance (0 to 1), scaling (minmax, standard)' */
static void append_range(const struct detector_parameter *parameter, struct text *text)
{
    text_appendf(text, "%s (", parameter->name);
    for (size_t i = 0; parameter->choices != NULL && parameter->choices[i] != NULL; i++)
        text_appendf(text, "%s%s", i > 0 ? ", " : "", parameter->choices[i]);
    if (parameter->choices == NULL)
        text_appendf(text, "%g to %g", parameter->least, parameter->most);
    text_append(text, ")");
}

static const struct detector_parameter *find(const struct detector *detector, const char *name,
                                             struct error *error)
{
    const char *names[DETECTOR_PARAMETERS_MOST];
    size_t count = count_parameters(detector);
    struct text known = {0};
    const char *nearest;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(detector->parameters[i].name, name) == 0)
            return &detector->parameters[i];
        names[i] = detector->parameters[i].name;
    }
    error_set(error, ERROR_INPUT, "the detector %s has no parameter '%s'", detector->name, name);
    nearest = string_nearest(name, names, count);
    for (size_t i = 0; i < count; i++) {
        text_append(&known, i > 0 ? ", " : "");
        append_range(&detector->parameters[i], &known);
    }
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    else
        error_hint(error, count > 0 ? "its parameters: %s" : "it has none%s", text_string(&known));
    text_free(&known);
    return NULL;
}

static bool read_value(const struct detector_parameter *parameter, const char *word, double *value)
{
    char *end;

    for (size_t i = 0; parameter->choices != NULL && parameter->choices[i] != NULL; i++) {
        if (strcmp(parameter->choices[i], word) == 0) {
            *value = (double)i;
            return true;
        }
    }
    if (parameter->choices != NULL)
        return false;
    *value = strtod(word, &end);
    return end != word && *end == '\0' && *value >= parameter->least && *value <= parameter->most &&
           (!parameter->whole || *value == floor(*value));
}

/* Takes 'NAME=VALUE'. */
static int set(const struct detector *detector, struct detector_setting *setting, char *word,
               struct error *error)
{
    const struct detector_parameter *parameter;
    struct text range = {0};
    char *equals = strchr(word, '=');
    const char *value = equals != NULL ? equals + 1 : "";

    if (equals != NULL)
        *equals = '\0';
    parameter = find(detector, word, error);
    if (parameter == NULL)
        return -1;
    if (read_value(parameter, value, &setting->parameters[parameter - detector->parameters]))
        return 0;
    append_range(parameter, &range);
    error_set(error, ERROR_INPUT, "'%s' is no value of %s's parameter '%s'", value, detector->name,
              word);
    error_hint(error, "%s: %s%s", text_string(&range), parameter->meaning,
               parameter->whole && parameter->choices == NULL ? ", a whole number" : "");
    text_free(&range);
    return -1;
}

const struct detector *detector_parse(const char *words, struct detector_setting *setting,
                                      struct error *error)
{
    char *copy = memory_string(words);
    char *rest = copy != NULL ? strchr(copy, ':') : NULL;
    const struct detector *detector;
    char *word;

    if (rest != NULL)
        *rest++ = '\0';
    detector = detector_find(copy, error);
    for (size_t i = 0; detector != NULL && i < count_parameters(detector); i++)
        setting->parameters[i] = detector->parameters[i].standard;
    while (detector != NULL && rest != NULL && (word = strsep(&rest, ",")) != NULL) {
        if (set(detector, setting, word, error) < 0)
            detector = NULL;
    }
    free(copy);
    return detector;
}

char *detector_full_name(const struct detector *detector, const struct detector_setting *setting)
{
    struct text text = {0};
    char *name;

    text_append(&text, detector->name);
    for (size_t i = 0; i < count_parameters(detector); i++) {
        text_appendf(&text, "%s%s=", i > 0 ? "," : ":", detector->parameters[i].name);
        append_value(&detector->parameters[i], setting->parameters[i], &text);
    }
    name = memory_string(text_string(&text));
    text_free(&text);
    return name;
}

double detector_parameter(const struct detector *detector, const struct detector_setting *setting,
                          const char *name)
{
    size_t i = 0;

    while (strcmp(detector->parameters[i].name, name) != 0)
        i++;
    return setting->parameters[i];
}

bool detector_is_joint(const struct detector *detector, const struct detector_setting *setting)
{
    return detector->classes != NULL &&
           detector_parameter(detector, setting, detector->classes) == CLASSES_JOINT;
}
