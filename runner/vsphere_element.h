/* Reading the elements of an answer; all that is not as it should be is as if it weren't there. */
#ifndef RUNNER_VSPHERE_ELEMENT_H
#define RUNNER_VSPHERE_ELEMENT_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runner/vsphere_soap.h"

#define VSPHERE_NAMESPACE "urn:vim25"

/* The first child of that name in the API's namespace, or the next such one after `element`; NULL
 * at the end. `parent` may be NULL: it has none. */
const xmlNode *vsphere_child(const xmlNode *parent, const char *name);
const xmlNode *vsphere_next(const xmlNode *element, const char *name);

/* The element's text; "" if it is empty, NULL if it is missing or holds elements. Owned by the
 * tree. */
const char *vsphere_string(const xmlNode *element);

/* The text of the child of that name, or NULL. */
const char *vsphere_child_string(const xmlNode *parent, const char *name);

/* Copies that text; false if there is none or it doesn't fit. */
bool vsphere_copy(const xmlNode *element, char *buffer, size_t size);

/* A whole number between the two. */
bool vsphere_number(const xmlNode *element, int64_t least, int64_t most, int64_t *number);

/* Whether the element says by xsi:type to be of that type of the API. */
bool vsphere_type_is(const xmlNode *element, const char *type);

/* The reference that the element holds. */
bool vsphere_reference_read(const xmlNode *element, struct vsphere_reference *reference);
bool vsphere_reference_is(const struct vsphere_reference *one,
                          const struct vsphere_reference *other);

#endif
