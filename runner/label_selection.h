/*
 * Which series are meant, by their labels: 'namespace=default, pod=~sprout-.*, image!='. All
 * conditions must hold. Each is a label's name, = (is), != (is not), =~ (matches) or !~ (does not
 * match), and a value, in single quotes if it holds a comma. A pattern is an extended regular
 * expression for the whole value. A label that a series lacks is as one that is empty.
 */
#ifndef RUNNER_LABEL_SELECTION_H
#define RUNNER_LABEL_SELECTION_H

#include "runner/exposition.h"

struct label_selection;

/* "" selects all. ERROR_INPUT says which condition is none. */
int label_selection_read(const char *text, struct label_selection **selection, struct error *error);
void label_selection_free(struct label_selection *selection);

bool label_selection_matches(const struct label_selection *selection,
                             const struct exposition_series *series);

/* One condition, as written; its strings are the selection's. */
struct label_condition {
    const char *label;
    const char *value;
    bool negated;
    bool pattern;
};

size_t label_selection_count(const struct label_selection *selection);
struct label_condition label_selection_condition(const struct label_selection *selection, size_t i);

/* Whether a condition is about the label. */
bool label_selection_names(const struct label_selection *selection, const char *label);

#endif
