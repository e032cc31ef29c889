/*
 * Campaign files with errors: each file of tests/unit/data/campaigns/ says in its comments what
 * is to be found in it, and nothing else may be:
 *   expect [FILE:]LINE: [ELEMENT: ]WHAT, as it begins [| a part of the hint]
 * FILE is relative to the folder and the file itself if left out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "runner/campaign.h"

#define FOLDER "tests/unit/data/campaigns/"

/* The finding as an expectation is written, without its hint. */
static void format_finding(const struct finding *finding, const char *name, struct text *text)
{
    const char *file = finding->file;

    text_clear(text);
    if (string_starts_with(file, FOLDER))
        file += strlen(FOLDER);
    if (strcmp(file, name) != 0)
        text_appendf(text, "%s:", file);
    text_appendf(text, "%d: %s%s%s", finding->line, finding->element,
                 finding->element[0] != '\0' ? ": " : "", finding->what);
}

/* Cuts the next expectation out of `*at`; NULL if there is none left. */
static char *next_expectation(char **at)
{
    char *begin = strstr(*at, "<!-- expect ");
    char *end = begin != NULL ? strstr(begin, " -->") : NULL;

    if (end == NULL)
        return NULL;
    *end = '\0';
    *at = end + 1;
    return begin + strlen("<!-- expect ");
}

static void check_finding(const struct finding *finding, const char *name, char *expected)
{
    struct text text = {0};
    char *hint = strstr(expected, " | ");

    if (hint != NULL)
        *hint = '\0';
    format_finding(finding, name, &text);
    if (!string_starts_with(text_string(&text), expected))
        fail_msg("%s: found '%s', expected '%s'", name, text_string(&text), expected);
    if (hint != NULL && strstr(finding->hint, hint + 3) == NULL)
        fail_msg("%s: hint '%s', expected '%s'", name, finding->hint, hint + 3);
    text_free(&text);
}

static void file_has_its_findings(void **state)
{
    const char *name = *state;
    char *path = memory_format(FOLDER "%s", name);
    struct findings findings = {0};
    struct text text = {0};
    struct error error;
    struct campaign *campaign;
    size_t count = 0;
    char *at;
    char *expected;

    assert_int_equal(file_read(path, 1 << 20, &text, &error), 0);
    campaign = campaign_read(path, NULL, &findings);
    at = text.bytes;
    while ((expected = next_expectation(&at)) != NULL) {
        if (count == findings.count)
            fail_msg("%s: not found: %s", name, expected);
        check_finding(&findings.items[count++], name, expected);
    }
    if (count < findings.count)
        fail_msg("%s: line %d: not expected: %s", name, findings.items[count].line,
                 findings.items[count].what);
    assert_true((campaign != NULL) == (findings.count == 0));
    assert_true((campaign != NULL) == string_starts_with(name, "good_"));
    campaign_free(campaign);
    findings_free(&findings);
    text_free(&text);
    free(path);
}

/* Campaign files: the testbed files are read through them. */
static int is_campaign(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');

    return dot != NULL && strcmp(dot, ".xml") == 0 && strcmp(entry->d_name, "testbed.xml") != 0 &&
           strcmp(entry->d_name, "testbed_errors.xml") != 0;
}

int main(void)
{
    struct dirent **entries;
    struct CMUnitTest tests[100] = {0};
    int count;
    int result;

    setenv("VNFAULT_DATA", ".", 1);
    unsetenv("VNFAULT_INJECTORS");
    count = scandir(FOLDER, &entries, is_campaign, alphasort);
    if (count < 1 || count > 100) {
        fprintf(stderr, "run from the top of the source tree; %d files in " FOLDER "\n", count);
        return 1;
    }
    for (int i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){.name = entries[i]->d_name,
                                       .test_func = file_has_its_findings,
                                       .initial_state = entries[i]->d_name};
    result = _cmocka_run_group_tests("campaign findings", tests, (size_t)count, NULL, NULL);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    return result;
}
