#include "cli/testbed_file.h"

#include <string.h>

#include "base/xml.h"

static void ignore_report(void *context, const char *file, int line, const char *element,
                          const char *what, const char *hint)
{
    (void)context;
    (void)file;
    (void)line;
    (void)element;
    (void)what;
    (void)hint;
}

bool is_testbed_file(const char *path)
{
    struct xml_document *document = xml_read(path, XML_OURS, ignore_report, NULL);
    bool is = document != NULL && strcmp(xml_name(xml_root(document)), "testbed") == 0;

    xml_free(document);
    return is;
}
