/* libxml2's schema errors, said in plain words. For runner/schema.c. */
#ifndef RUNNER_SCHEMA_EXPLAIN_H
#define RUNNER_SCHEMA_EXPLAIN_H

#include <libxml/xmlerror.h>

#include "base/xml.h"
#include "runner/campaign.h"
#include "runner/declaration.h"

struct explanation {
    const struct declarations *declarations;
    struct findings *findings;
    xmlNode **misplaced; /* elements that may not be where they are, in this round */
    size_t misplaced_count;
    size_t misplaced_capacity;
};

/* An xmlStructuredErrorFunc: `context` is the struct explanation. */
void schema_explain(void *context, xmlError *error);

#endif
