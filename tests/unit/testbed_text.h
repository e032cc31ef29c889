/* Testbed files that a test writes. */
#ifndef TESTS_UNIT_TESTBED_TEXT_H
#define TESTS_UNIT_TESTBED_TEXT_H

#include "runner/campaign.h"

/* Reads a testbed file called 't' with these parts between its start and its end. */
struct testbed *testbed_text_read(const char *parts, struct findings *findings);

/* Reading one with `first` on line 2, `more` from line 3 on and a load host after it fails with one
 * finding, on line 3; it and its hint contain these texts. */
void testbed_text_expect(const char *first, const char *more, const char *what, const char *hint);

#endif
