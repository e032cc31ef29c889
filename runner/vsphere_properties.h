/* Properties of managed objects, by the server's property collector. */
#ifndef RUNNER_VSPHERE_PROPERTIES_H
#define RUNNER_VSPHERE_PROPERTIES_H

#include "runner/vsphere_element.h"
#include "runner/vsphere_session.h"

/* Told of each object; `object` is for vsphere_property. Returns -1 with an error to end it. */
typedef int vsphere_object_reader(void *context, const struct vsphere_reference *reference,
                                  const xmlNode *object, struct error *error);

/* Appends which properties (ends with NULL) of objects of a type are asked for. */
void vsphere_property_set(struct text *request, const char *type, const char *const *names);

/* Appends one object of the question. */
void vsphere_object_set(struct text *request, const struct vsphere_reference *object);

/* Asks for what `specification` holds (property sets, then objects), in as many parts as the server
 * makes of it. */
int vsphere_retrieve(struct vsphere_session *session, const struct text *specification,
                     vsphere_object_reader *reader, void *context, struct error *error);

/* Value of an object's property; NULL if the server gave none. */
const xmlNode *vsphere_property(const xmlNode *object, const char *name);

#endif
