/*
 * Parameters of injectors: what values an injector's head allows, and whether one is among them.
 * injectors/README.md lists the forms.
 */
#ifndef RUNNER_INJECTOR_PARAMETER_H
#define RUNNER_INJECTOR_PARAMETER_H

#include "base/error.h"

/* Longest value, in bytes. */
enum { INJECTOR_PARAMETER_LONGEST = 200 };

struct parameter_form;

struct injector_parameter {
    char *name;
    char *summary;
    char *standard;                    /* default value; allowed whatever the form */
    char **allowed;                    /* 'in|out|both': NULL-terminated; NULL if not a list */
    const struct parameter_form *form; /* 'ports', 'path'; NULL if not a form */
    double least;                      /* '0..500ms': range in `unit` */
    double most;
    char *unit; /* NULL if not a range */
};

/* Takes over the parameter's values from the word of the head: a list, a range with its unit or the
 * name of a form. ERROR_INPUT if it is none of them. */
int injector_parameter_declare(struct injector_parameter *parameter, const char *values,
                               struct error *error);

/* ERROR_INPUT, with what is allowed as its hint, if `value` isn't. */
int injector_parameter_check(const struct injector_parameter *parameter, const char *value,
                             struct error *error);

/* Frees what the parameter holds. */
void injector_parameter_free(struct injector_parameter *parameter);

#endif
