/* Testbed files that a test writes. */
#ifndef TESTS_UNIT_TESTBED_TEXT_H
#define TESTS_UNIT_TESTBED_TEXT_H

#include "runner/campaign.h"

/* Reads a testbed file called 't' with these parts between its start and its end. */
struct testbed *testbed_text_read(const char *parts, struct findings *findings);

#endif
