/* Checking a document against its XML Schema, with findings in plain words. */
#ifndef RUNNER_SCHEMA_H
#define RUNNER_SCHEMA_H

#include <stdbool.h>

#include "base/xml.h"
#include "runner/campaign.h"

/*
 * Checks the document against `schema` ('campaign.xsd', in campaigns/schema/ of the data folder).
 * Its root must be `root` in the namespace `space`. Elements that are allowed nowhere are taken
 * out of the document once they are reported, so that all the rest gets checked. False if the
 * root itself is wrong or there is no schema: then nothing more can be said of the document.
 */
bool schema_check(struct xml_document *document, const char *schema, const char *root,
                  const char *space, struct findings *findings);

#endif
