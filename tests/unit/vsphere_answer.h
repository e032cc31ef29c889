/* Answers of a vSphere server: recorded ones (tests/unit/data/vsphere) and made ones. */
#ifndef TESTS_UNIT_VSPHERE_ANSWER_H
#define TESTS_UNIT_VSPHERE_ANSWER_H

#include "runner/vsphere_soap.h"

/* Parses an answer to the operation; the test fails if it is none. */
void parse_text(const char *text, const char *operation, struct soap_answer *answer);

/* The same of the recorded answer of that name. */
void parse_file(const char *name, const char *operation, struct soap_answer *answer);

/* Parses what is in the body of an envelope; prefixes are v of the API, e of the envelope and i of
 * XML Schema's instances. */
int parse_body(const char *body, const char *operation, struct soap_answer *answer,
               struct error *error);

#endif
