#include "tests/unit/vsphere_answer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

void parse_text(const char *text, const char *operation, struct soap_answer *answer)
{
    struct error error = {0};

    if (soap_parse(text, strlen(text), operation, answer, &error) < 0)
        fail_msg("%s", error.what);
}

void parse_file(const char *name, const char *operation, struct soap_answer *answer)
{
    char *path = memory_format("tests/unit/data/vsphere/%s.xml", name);
    struct text text = {0};
    struct error error = {0};

    if (file_read(path, 1 << 20, &text, &error) < 0)
        fail_msg("%s", error.what);
    parse_text(text_string(&text), operation, answer);
    text_free(&text);
    free(path);
}

int parse_body(const char *body, const char *operation, struct soap_answer *answer,
               struct error *error)
{
    char *text = memory_format("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/' "
                               "xmlns:i='http://www.w3.org/2001/XMLSchema-instance' "
                               "xmlns:v='urn:vim25'><e:Body>%s</e:Body></e:Envelope>",
                               body);
    int result = soap_parse(text, strlen(text), operation, answer, error);

    free(text);
    return result;
}
