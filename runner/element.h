/*
 * Reading one element of a file, with findings. An element whose node is NULL is one that isn't
 * there: it has no attributes and no children. What the schema demands is not demanded again.
 */
#ifndef RUNNER_ELEMENT_H
#define RUNNER_ELEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/quantity.h"
#include "base/xml.h"
#include "runner/campaign.h"

struct element {
    xmlNode *node;
    struct findings *findings;
};

/* The first child of that name, and the next sibling of the same name. */
struct element element_child(struct element parent, const char *name);
struct element element_next(struct element element);

bool element_is(struct element element, const char *name);

/* The attribute's value, to be freed; NULL if it isn't there. */
char *element_attribute(struct element element, const char *name);

/* As above, with `otherwise` for one that isn't there. */
char *element_text(struct element element, const char *name, const char *otherwise);

/* The attribute's quantity; `*value` stays as it is if it isn't there or is no such quantity,
 * which is a finding. */
void element_quantity(struct element element, const char *name, enum quantity_kind kind,
                      double *value);

/* As above; a duration is in nanoseconds. */
void element_duration(struct element element, const char *name, int64_t *duration);

/* A whole number without a unit; `*value` stays as it is if there is none. */
void element_number(struct element element, const char *name, uint64_t *value);

/* Adds a finding at the element, or at its attribute if that is not NULL. */
void element_finding(struct element element, const char *attribute, const char *hint,
                     const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Adds 'unknown WHAT "NAME"', with a 'did you mean' and the names that are known. */
void element_unknown(struct element element, const char *attribute, const char *what,
                     const char *name, const char *const *known, size_t count);

#endif
