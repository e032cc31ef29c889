/*
 * SOAP 1.1 as the vSphere API speaks it: envelopes are written, answers are parsed. Answers come
 * from untrusted hands: no DOCTYPE, no entities, nothing is fetched, depth and number of elements
 * are bounded. Elements are told by namespace and name, never by prefix.
 */
#ifndef RUNNER_VSPHERE_SOAP_H
#define RUNNER_VSPHERE_SOAP_H

#include <libxml/tree.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum {
    SOAP_DEPTH_LIMIT = 64,
    SOAP_ELEMENT_LIMIT = 1000000 /* ten times what the largest answers have */
};

/* A managed object: a VM, a folder, a manager. Both "" is none. */
struct vsphere_reference {
    char type[64];
    char value[256];
};

/* What the server says went wrong; name "" is no fault. */
struct soap_fault {
    char name[96];  /* of its type: 'NotAuthenticated' */
    char text[256]; /* for people; may be "" */
    /* The object that it is about; may be none. */
    struct vsphere_reference object;
};

struct soap_answer {
    xmlDoc *tree;
    const xmlNode *response; /* the element OPERATIONResponse; NULL at a fault */
    struct soap_fault fault;
};

/* Begins and ends the envelope of a request to the managed object `self`. */
void soap_begin(struct text *request, const char *operation, const struct vsphere_reference *self);
void soap_end(struct text *request, const char *operation);

/* Appends <name>value</name>; the value may hold anything that XML can. */
void soap_element(struct text *request, const char *name, const char *value);
void soap_number_element(struct text *request, const char *name, long long value);
void soap_reference_element(struct text *request, const char *name,
                            const struct vsphere_reference *reference);

/*
 * Parses the answer to `operation`. A fault is an answer, not an error; ERROR_UNREACHABLE if it is
 * no answer at all. Release with soap_answer_free in either case.
 */
int soap_parse(const char *bytes, size_t length, const char *operation, struct soap_answer *answer,
               struct error *error);
void soap_answer_free(struct soap_answer *answer);

#endif
