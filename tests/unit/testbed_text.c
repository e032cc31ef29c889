#include "tests/unit/testbed_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/memory.h"

struct testbed *testbed_text_read(const char *parts, struct findings *findings)
{
    char path[] = "/tmp/vnfault-test-testbed.XXXXXX";
    char *text = memory_format("<testbed name=\"t\" xmlns=\"urn:vnfault:testbed:1\">\n%s"
                               "</testbed>",
                               parts);
    struct error error = {0};
    struct testbed *testbed;

    close(mkstemp(path));
    assert_int_equal(file_write(path, text, strlen(text), &error), 0);
    testbed = testbed_read(path, findings);
    unlink(path);
    free(text);
    return testbed;
}
