/* Reading a gates file (docs/compare.md). */
#ifndef CLI_GATES_FILE_H
#define CLI_GATES_FILE_H

#include "analysis/gates.h"
#include "runner/campaign.h"

/* Reads and checks the file. What is wrong is added to the findings, in the order of lines; the
 * gates are of use if none was. Free with gates_free. */
void gates_file_read(const char *path, struct gates *gates, struct findings *findings);

#endif
