/* What reading a campaign or testbed file found wrong, as text and as an error. */
#ifndef CLI_FINDINGS_H
#define CLI_FINDINGS_H

#include <stdio.h>

#include "base/error.h"
#include "runner/campaign.h"

/* Prints one 'file:line: element: what' a finding, its hint on a second line. */
void findings_print(const struct findings *findings, FILE *stream);

/* The error for a file with findings, which were printed. Returns -1. */
int findings_error(const struct findings *findings, const char *path, struct error *error);

#endif
