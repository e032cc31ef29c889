/* Building lists of findings (struct findings is in runner/campaign.h). */
#ifndef RUNNER_FINDINGS_H
#define RUNNER_FINDINGS_H

#include <stdbool.h>

#include "base/text.h"
#include "runner/campaign.h"

/* Findings kept of one reading; what is beyond is counted as one finding. */
enum { MOST_FINDINGS = 200 };

/* Adds one; strings are copied, cut to a readable length. What was said before is not added. */
void findings_add(struct findings *findings, const char *file, int line, const char *element,
                  const char *what, const char *hint);

/* True if nothing more would be kept. */
bool findings_are_full(const struct findings *findings);

/* An xml_report: `context` is the struct findings. */
void findings_report(void *context, const char *file, int line, const char *element,
                     const char *what, const char *hint);

/* In the order of files and lines; `first_file` before the others. */
void findings_sort(struct findings *findings, const char *first_file);

/* Appends 'did you mean "x"? LABEL: a, b, c': the first part if a name is near to `word`. */
void hint_append_names(struct text *hint, const char *label, const char *word,
                       const char *const *names, size_t count);

#endif
