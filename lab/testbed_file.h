/* The testbed file of the lab. */
#ifndef LAB_TESTBED_FILE_H
#define LAB_TESTBED_FILE_H

#include "base/error.h"
#include "lab/lab.h"

/* Writes STATE/testbed.xml. */
int testbed_file_write(const struct lab *lab, struct error *error);

#endif
