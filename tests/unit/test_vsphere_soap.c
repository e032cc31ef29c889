/* runner/vsphere_soap, _element and _time: what is an answer, and what it holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/clock.h"
#include "runner/vsphere_element.h"
#include "runner/vsphere_time.h"
#include "tests/unit/vsphere_answer.h"

static void elements_are_told_by_namespace(void **state)
{
    struct soap_answer answer;
    struct error error = {0};

    (void)state;
    assert_int_equal(parse_body("<v:AskResponse><o:returnval xmlns:o='urn:other'>a</o:returnval>"
                                "<returnval>b</returnval><v:returnval>c</v:returnval>"
                                "<w:returnval xmlns:w='urn:vim25'>d</w:returnval>"
                                "</v:AskResponse>",
                                "Ask", &answer, &error),
                     0);
    assert_string_equal(vsphere_child_string(answer.response, "returnval"), "c");
    assert_string_equal(
        vsphere_string(vsphere_next(vsphere_child(answer.response, "returnval"), "returnval")),
        "d");
    soap_answer_free(&answer);
}

static void managers_are_read(void **state)
{
    struct vsphere_reference reference;
    struct soap_answer answer;
    const xmlNode *returned;

    (void)state;
    parse_file("service-content", "RetrieveServiceContent", &answer);
    returned = vsphere_child(answer.response, "returnval");
    assert_true(vsphere_reference_read(vsphere_child(returned, "perfManager"), &reference));
    assert_string_equal(reference.type, "PerformanceManager");
    assert_string_equal(reference.value, "PerfMgr");
    assert_false(vsphere_reference_read(vsphere_child(returned, "nothing"), &reference));
    soap_answer_free(&answer);
}

static void faults_are_answers(void **state)
{
    struct soap_answer answer;

    (void)state;
    parse_file("not-authenticated", "CurrentTime", &answer);
    assert_null(answer.response);
    assert_string_equal(answer.fault.name, "NotAuthenticated");
    assert_string_equal(answer.fault.text, "The session is not authenticated.");
    soap_answer_free(&answer);
    parse_file("invalid-login", "Login", &answer);
    assert_string_equal(answer.fault.name, "InvalidLogin");
    soap_answer_free(&answer);
    parse_file("gone", "QueryPerf", &answer);
    assert_string_equal(answer.fault.name, "ManagedObjectNotFound");
    assert_string_equal(answer.fault.object.value, "vm-none");
    soap_answer_free(&answer);
}

static void fault_without_detail_has_no_name(void **state)
{
    struct soap_answer answer;
    struct error error = {0};

    (void)state;
    assert_int_equal(
        parse_body("<e:Fault><faultstring>no</faultstring></e:Fault>", "Ask", &answer, &error), 0);
    assert_string_equal(answer.fault.name, "unknown");
    assert_string_equal(answer.fault.text, "no");
    soap_answer_free(&answer);
}

static void what_is_no_answer_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "no XML",
        "<a/>",
        "<Envelope><Body/></Envelope>",
        "<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'/>",
        ("<e:Envelope xmlns:e='http://schemas.xmlsoap.org/soap/envelope/'><e:Body>"
         "<AskResponse/></e:Body></e:Envelope>"),
        "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
        "<!DOCTYPE a SYSTEM 'http://192.0.2.1/a.dtd'><a/>",
        "<?xml version='1.0' encoding='UTF-16'?><a/>",
        "<?xml version='1.0' encoding='no-such'?><a/>",
        "<a>\xff\xfe</a>",
        "<a b='1' b='2'/>",
        "<a",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct soap_answer answer;
        struct error error = {0};

        if (soap_parse(texts[i], strlen(texts[i]), "Ask", &answer, &error) == 0)
            fail_msg("taken: %s", texts[i]);
        assert_int_equal(error.kind, ERROR_UNREACHABLE);
        soap_answer_free(&answer);
    }
}

static void elements_without_number_are_refused(void **state)
{
    struct soap_answer answer;
    struct error error = {0};
    struct text text = {0};

    (void)state;
    text_append(&text, "<a>");
    for (int i = 0; i < SOAP_ELEMENT_LIMIT; i++)
        text_append(&text, "<b/>");
    text_append(&text, "</a>");
    assert_int_equal(soap_parse(text_string(&text), text.length, "Ask", &answer, &error), -1);
    assert_non_null(strstr(error.what, "too many elements"));
    soap_answer_free(&answer);
    text_free(&text);
}

static void values_are_escaped(void **state)
{
    static const char value[] = "a<b>&\"'c]]>\r\n\xc3\xb6";
    const struct vsphere_reference self = {"A&B", "<c>\""};
    struct vsphere_reference read;
    struct soap_answer answer;
    struct text request = {0};

    (void)state;
    soap_begin(&request, "AskResponse", &self);
    soap_element(&request, "value", value);
    soap_end(&request, "AskResponse");
    parse_text(text_string(&request), "Ask", &answer);
    assert_string_equal(vsphere_child_string(answer.response, "value"), value);
    assert_true(vsphere_reference_read(vsphere_child(answer.response, "_this"), &read));
    assert_true(vsphere_reference_is(&self, &read));
    soap_answer_free(&answer);
    text_free(&request);
}

static void instants_are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t instant;
        int64_t step;
    } rows[] = {
        {"1970-01-01T00:00:00Z", 0, CLOCK_SECOND},
        {"2026-11-27T08:36:20Z", 1795768580 * CLOCK_SECOND, CLOCK_SECOND},
        {"2026-11-27T08:36:20", 1795768580 * CLOCK_SECOND, CLOCK_SECOND},
        {"2026-11-27T10:06:20.25+01:30", 1795768580 * CLOCK_SECOND + 250 * CLOCK_MILLISECOND,
         10 * CLOCK_MILLISECOND},
        {"2026-11-27T07:36:20.000001-01:00", 1795768580 * CLOCK_SECOND + 1000, 1000},
        {"2026-11-27T08:36:20.1234567891Z", 1795768580 * CLOCK_SECOND + 123456789, 1},
    };
    static const char *const wrong[] = {
        "",
        "now",
        "2026-11-27",
        "2026-13-27T08:36:20Z",
        "2026-11-27T08:36:20.Z",
        "2026-11-27T08:36:20ZZ",
        "1969-12-31T23:59:59Z",
        "9999-01-01T00:00:00Z",
        "2026-11-27T08:61:20Z",
        "2026-11-27T08:36:20+1:00",
        "-026-11-27T08:36:20Z",
    };
    int64_t instant;
    int64_t step;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(vsphere_time_read(rows[i].text, &instant, &step));
        assert_int_equal(instant, rows[i].instant);
        assert_int_equal(step, rows[i].step);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (vsphere_time_read(wrong[i], &instant, &step))
            fail_msg("taken: %s", wrong[i]);
    }
    assert_false(vsphere_time_read(NULL, &instant, &step));
}

static void instants_are_written_as_read(void **state)
{
    static const int64_t instants[] = {0, 1795768580 * CLOCK_SECOND, 1795768580 * CLOCK_SECOND + 1};

    (void)state;
    for (size_t i = 0; i < sizeof instants / sizeof instants[0]; i++) {
        struct text text = {0};
        int64_t instant;

        vsphere_time_write(&text, instants[i]);
        assert_true(vsphere_time_read(text_string(&text), &instant, NULL));
        assert_int_equal(instant, instants[i]);
        text_free(&text);
    }
}

/* Whenever within the question the server looked at its clock, the bound holds it. */
static void clock_is_known_within_its_bound(void **state)
{
    const int64_t truth = 5 * CLOCK_SECOND; /* server's to runner's */
    const int64_t began = 100 * CLOCK_SECOND;
    const int64_t ended = began + 30 * CLOCK_MILLISECOND;
    const int64_t step = CLOCK_MILLISECOND;

    (void)state;
    for (int64_t at = began; at <= ended; at += CLOCK_MILLISECOND / 4) {
        int64_t told = (at - truth) / step * step;
        struct vsphere_clock clock = vsphere_clock_measure(began, ended, told, step);

        assert_true(clock.offset - clock.bound <= truth);
        assert_true(clock.offset + clock.bound >= truth);
        assert_true(clock.bound <= (ended - began + step + 1) / 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(elements_are_told_by_namespace),
        cmocka_unit_test(managers_are_read),
        cmocka_unit_test(faults_are_answers),
        cmocka_unit_test(fault_without_detail_has_no_name),
        cmocka_unit_test(what_is_no_answer_is_refused),
        cmocka_unit_test(elements_without_number_are_refused),
        cmocka_unit_test(values_are_escaped),
        cmocka_unit_test(instants_are_read),
        cmocka_unit_test(instants_are_written_as_read),
        cmocka_unit_test(clock_is_known_within_its_bound),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
