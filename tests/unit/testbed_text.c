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

void testbed_text_expect(const char *first, const char *more, const char *what, const char *hint)
{
    struct findings findings = {0};
    char *parts =
        memory_format("%s\n%s\n<load-host name=\"h\" address=\"192.0.2.3\"/>\n", first, more);

    assert_null(testbed_text_read(parts, &findings));
    if (findings.count != 1 || findings.items[0].line != 3 ||
        strstr(findings.items[0].what, what) == NULL ||
        strstr(findings.items[0].hint, hint) == NULL)
        fail_msg("%zu findings; line %d: %s: %s", findings.count, findings.items[0].line,
                 findings.items[0].what, findings.items[0].hint);
    findings_free(&findings);
    free(parts);
}
