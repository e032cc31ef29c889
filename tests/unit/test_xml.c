/* base/xml: limits against hostile files, and lines. The files are made in a folder of the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/xml.h"

static char folder[] = "/tmp/vnfault-test-xml.XXXXXX";

/* The reports of one reading, one a line: 'file:line: element: what'. */
static struct text reports;

static void report(void *context, const char *file, int line, const char *element, const char *what,
                   const char *hint)
{
    const char *name = strrchr(file, '/');

    (void)context;
    (void)hint;
    text_appendf(&reports, "%s:%d: %s: %s\n", name != NULL ? name + 1 : file, line, element, what);
}

static char *path_in_folder(const char *name)
{
    return memory_format("%s/%s", folder, name);
}

static void write_file(const char *name, const struct text *text)
{
    char *path = path_in_folder(name);
    struct error error;

    assert_int_equal(file_write(path, text->bytes, text->length, &error), 0);
    free(path);
}

static void write_string(const char *name, const char *string)
{
    struct text text = {0};

    text_append(&text, string);
    write_file(name, &text);
    text_free(&text);
}

static struct xml_document *read_file(const char *name, enum xml_kind kind)
{
    char *path = path_in_folder(name);
    struct xml_document *document;

    text_clear(&reports);
    document = xml_read(path, kind, report, NULL);
    free(path);
    return document;
}

/* The file can't be read, and the one report on it begins so. */
static void check_refused(const char *name, const char *expected)
{
    assert_null(read_file(name, XML_OURS));
    if (!string_starts_with(text_string(&reports), expected))
        fail_msg("%s: reported '%.300s'", name, text_string(&reports));
    assert_ptr_equal(strchr(text_string(&reports), '\n'), reports.bytes + reports.length - 1);
}

static void append_many(struct text *text, const char *string, size_t count)
{
    for (size_t i = 0; i < count; i++)
        text_append(text, string);
}

static void huge_attribute_is_refused_by_size(void **state)
{
    static char megabyte[1 << 20];
    struct text text = {0};

    (void)state;
    memset(megabyte, 'x', sizeof megabyte);
    text_append(&text, "<a b=\"");
    for (int i = 0; i < 100; i++)
        text_append_bytes(&text, megabyte, sizeof megabyte);
    text_append(&text, "\"/>");
    write_file("huge.xml", &text);
    text_free(&text);
    check_refused("huge.xml", "huge.xml:0: : ");
    assert_non_null(strstr(text_string(&reports), "is larger than 1048576 bytes"));
}

static void deep_nesting_is_refused(void **state)
{
    struct text text = {0};

    (void)state;
    append_many(&text, "<a>\n", 100000);
    append_many(&text, "</a>", 100000);
    write_file("deep.xml", &text);
    text_free(&text);
    check_refused("deep.xml", "deep.xml:33: : elements are nested too deeply");
}

static void nesting_up_to_the_limit_is_taken(void **state)
{
    struct text text = {0};

    (void)state;
    append_many(&text, "<a>", XML_DEPTH_LIMIT);
    append_many(&text, "</a>", XML_DEPTH_LIMIT);
    write_file("limit.xml", &text);
    text_free(&text);
    xml_free(read_file("limit.xml", XML_OURS));
    assert_string_equal(text_string(&reports), "");
}

static void too_many_elements_are_refused(void **state)
{
    struct text text = {0};

    (void)state;
    text_append(&text, "<a>");
    append_many(&text, "<b/>", XML_ELEMENT_LIMIT);
    text_append(&text, "</a>");
    write_file("wide.xml", &text);
    text_free(&text);
    check_refused("wide.xml", "wide.xml:1: : more than 16384 elements in all");
}

static void long_tags_are_refused(void **state)
{
    struct text text = {0};

    (void)state;
    text_append(&text, "<a");
    for (int i = 0; i < 60000; i++)
        text_appendf(&text, " b%d=\"\"", i);
    text_append(&text, "/>");
    write_file("long.xml", &text);
    text_free(&text);
    check_refused("long.xml", "long.xml:1: : a tag or a text is too long");
}

static void too_many_attributes_are_refused(void **state)
{
    struct text text = {0};

    (void)state;
    text_append(&text, "<a");
    for (int i = 0; i < 100; i++)
        text_appendf(&text, " b%d=\"\"", i);
    text_append(&text, "/>");
    write_file("attributes.xml", &text);
    text_free(&text);
    check_refused("attributes.xml", "attributes.xml:1: : an element has too many attributes");
}

#define INCLUDE_SPACE "xmlns:xi=\"http://www.w3.org/2001/XInclude\""

/* Each file includes the next ten times: 10^8 copies if it went on. */
static void included_files_are_limited_in_all(void **state)
{
    (void)state;
    for (int i = 0; i < 9; i++) {
        struct text text = {0};
        char name[32];

        text_append(&text, "<a " INCLUDE_SPACE ">");
        for (int j = 0; i < 8 && j < 10; j++)
            text_appendf(&text, "<xi:include href=\"bomb%d.xml\"/>", i + 1);
        text_append(&text, "</a>");
        snprintf(name, sizeof name, "bomb%d.xml", i);
        write_file(name, &text);
        text_free(&text);
    }
    assert_null(read_file("bomb0.xml", XML_OURS));
    assert_non_null(strstr(text_string(&reports), "xi:include: too many files are included: "));
}

static void files_in_files_are_limited(void **state)
{
    (void)state;
    for (int i = 0; i < XML_INCLUDE_DEPTH_LIMIT + 2; i++) {
        char name[32];
        char text[160];

        snprintf(name, sizeof name, "chain%d.xml", i);
        snprintf(text, sizeof text, "<a " INCLUDE_SPACE "><xi:include href=\"chain%d.xml\"/></a>",
                 i + 1);
        write_string(name, text);
    }
    check_refused("chain0.xml", "chain8.xml:1: xi:include: files include files too deeply: ");
}

static void includes_are_limited_in_number(void **state)
{
    struct text text = {0};

    (void)state;
    text_append(&text, "<a " INCLUDE_SPACE ">");
    append_many(&text, "<xi:include href=\"one.xml\"/>\n", XML_INCLUDE_LIMIT + 2);
    text_append(&text, "</a>");
    write_file("many.xml", &text);
    text_free(&text);
    write_string("one.xml", "<b/>");
    assert_null(read_file("many.xml", XML_OURS));
    assert_non_null(strstr(text_string(&reports), "xi:include: too many files are included: "));
}

static void include_loops_are_refused(void **state)
{
    (void)state;
    write_string("loop1.xml", "<a " INCLUDE_SPACE ">\n<xi:include href=\"loop2.xml\"/></a>");
    write_string("loop2.xml", "<a " INCLUDE_SPACE ">\n\n<xi:include href=\"link.xml\"/></a>");
    {
        char *link = path_in_folder("link.xml");

        assert_int_equal(symlink("loop1.xml", link), 0);
        free(link);
    }
    check_refused("loop1.xml", "loop2.xml:3: xi:include: a file can't include itself: ");
}

/* /etc/passwd, say: the content of a file that is no XML is not shown. */
static void secrets_are_not_read_by_inclusion(void **state)
{
    (void)state;
    write_string("secret", "top secret\n");
    write_string("text.xml",
                 "<a " INCLUDE_SPACE "><xi:include href=\"secret\" parse=\"text\"/></a>");
    check_refused("text.xml", "text.xml:1: xi:include: parse=\"text\" is not allowed");
    write_string("parsed.xml", "<a " INCLUDE_SPACE "><xi:include href=\"secret\"/></a>");
    check_refused("parsed.xml", "secret:1: : not well-formed XML: ");
    assert_null(strstr(text_string(&reports), "top"));
}

/* A FIFO would wait for a writer for ever. */
static void only_regular_files_are_included(void **state)
{
    char *path = path_in_folder("fifo");

    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    write_string("fifo.xml", "<a " INCLUDE_SPACE "><xi:include href=\"fifo\"/></a>");
    check_refused("fifo.xml", "fifo.xml:1: xi:include: this is not a regular file: ");
    free(path);
}

static void missing_files_and_folders_are_named(void **state)
{
    (void)state;
    check_refused("nowhere.xml", "nowhere.xml:0: : can't open ");
    check_refused(".", ".:0: : this is a folder, not a file");
}

static void foreign_files_may_have_a_doctype_but_no_entities(void **state)
{
    (void)state;
    write_string("sipp.xml", "<!DOCTYPE scenario SYSTEM \"nowhere.dtd\"><scenario/>");
    xml_free(read_file("sipp.xml", XML_FOREIGN));
    assert_string_equal(text_string(&reports), "");
    write_string("entity.xml", "<!DOCTYPE a [\n<!ENTITY b SYSTEM \"secret\">]><a>&b;</a>");
    assert_null(read_file("entity.xml", XML_FOREIGN));
    assert_string_equal(text_string(&reports),
                        "entity.xml:2: : entity declarations are not allowed\n");
}

static void elements_and_attributes_have_their_own_lines(void **state)
{
    struct xml_document *document;
    xmlNode *second;

    (void)state;
    write_string("lines.xml",
                 "<?xml version=\"1.0\"?>\n<a>\n  <b\n    one='>'\n    two=\"one=\n\"\n"
                 "    three = \"3\"\n  /><b\nfour=\"4\"/>\n</a>\n");
    document = read_file("lines.xml", XML_OURS);
    assert_non_null(document);
    second = xml_element(xml_root(document)->children);
    assert_int_equal(xml_line(xml_root(document), NULL), 2);
    assert_int_equal(xml_line(second, NULL), 3);
    assert_int_equal(xml_line(second, "one"), 4);
    assert_int_equal(xml_line(second, "two"), 5);
    assert_int_equal(xml_line(second, "three"), 7);
    assert_int_equal(xml_line(second, "four"), 3);
    assert_int_equal(xml_line(xml_element(second->next), NULL), 8);
    assert_int_equal(xml_line(xml_element(second->next), "four"), 9);
    xml_free(document);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    struct error error;

    (void)state;
    text_free(&reports);
    return folder_remove(folder, &error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(huge_attribute_is_refused_by_size),
        cmocka_unit_test(deep_nesting_is_refused),
        cmocka_unit_test(nesting_up_to_the_limit_is_taken),
        cmocka_unit_test(too_many_elements_are_refused),
        cmocka_unit_test(long_tags_are_refused),
        cmocka_unit_test(too_many_attributes_are_refused),
        cmocka_unit_test(included_files_are_limited_in_all),
        cmocka_unit_test(files_in_files_are_limited),
        cmocka_unit_test(includes_are_limited_in_number),
        cmocka_unit_test(include_loops_are_refused),
        cmocka_unit_test(secrets_are_not_read_by_inclusion),
        cmocka_unit_test(only_regular_files_are_included),
        cmocka_unit_test(missing_files_and_folders_are_named),
        cmocka_unit_test(foreign_files_may_have_a_doctype_but_no_entities),
        cmocka_unit_test(elements_and_attributes_have_their_own_lines),
    };

    return cmocka_run_group_tests_name("xml", tests, make_folder, remove_folder);
}
