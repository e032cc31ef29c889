/* Tells testbed files from campaign files. */
#ifndef CLI_TESTBED_FILE_H
#define CLI_TESTBED_FILE_H

#include <stdbool.h>

/* True if the file's root element is <testbed>; false too if it can't be read. */
bool is_testbed_file(const char *path);

#endif
