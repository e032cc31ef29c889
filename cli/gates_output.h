/* Verdicts of gates for people, for programs and for CI servers. */
#ifndef CLI_GATES_OUTPUT_H
#define CLI_GATES_OUTPUT_H

#include <jansson.h>
#include <stdio.h>

#include "analysis/gates.h"
#include "base/text.h"

/* A line for each regression and each gate that can't be judged, and how many passed. */
void gates_print(const struct gate_verdicts *verdicts, FILE *stream);

/* 'failed-calls of cpu high on sprout'; appended as plain text of what may be a hostile run. */
void gates_append_subject(struct text *text, const struct gate_verdict *verdict);

/* 'failed-calls of cpu high on sprout rose from 12.3 % to 17.1 % (+39 %, p 0.004)'; of an unjudged
 * one why. Appended as plain text of what may be a hostile run. */
void gates_append_verdict(struct text *text, const struct gate_verdict *verdict);

/* The list of all verdicts; a new reference. */
json_t *gates_json(const struct gate_verdicts *verdicts);

/* Writes the verdicts as JUnit XML, as CI servers read it: a regression is a failure, an unjudged
 * gate an error. */
int gates_write_junit(const struct gate_verdicts *verdicts, const struct comparison *comparison,
                      const char *path, struct error *error);

/* ERROR_THRESHOLD names the first regression, else ERROR_INCONCLUSIVE a gate that can't be judged;
 * 0 if all passed. */
int gates_check(const struct gate_verdicts *verdicts, struct error *error);

#endif
