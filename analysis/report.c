#include "analysis/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report_page.h"
#include "analysis/report_text.h"
#include "base/file.h"
#include "base/memory.h"

static const struct report_section sections[] = {
    {"summary", "Summary", report_write_head},
    {"experiments", "Experiments", report_write_experiments},
    {"service", "Service impact", report_write_service},
    {"levels", "Intensity levels", report_write_levels},
    {"timelines", "Timelines", report_write_timelines},
    {"detectors", "Detectors", report_write_detectors},
    {"detection", "Detection over time", report_write_detection},
    {"radiographies", "Radiographies", report_write_radiographies},
    {"propagation", "Propagation", report_write_propagation},
    {"importance", "Metric importance", report_write_importance},
    {"method", "Method notes", report_write_method},
};

enum { SECTION_COUNT = sizeof sections / sizeof sections[0] };

/* The head, well-formed as HTML and as XML so that programs can read it too, tells a report from a
 * page of somebody's own. */
static const char page_head[] =
    "<!DOCTYPE html>\n"
    "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
    "<meta charset=\"utf-8\"/>\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
    "<title>vnfault report: ";

static void begin_page(struct report *report)
{
    struct text *page = &report->page;

    text_append(page, page_head);
    append_html(page, report->run->run.name);
    text_append(page, "</title>\n<style>\n");
    for (size_t i = 0; report_stylesheet[i] != NULL; i++)
        text_append(page, report_stylesheet[i]);
    text_append(page, "</style>\n</head>\n<body>\n<header>\n<p class=\"kicker\">vnfault "
                      "fault-injection report</p>\n");
    page_element(report, "h1", report->run->run.name);
    if (report->run->campaign.description[0] != '\0')
        page_element(report, "p class=\"lead\"", report->run->campaign.description);
    text_append(page, "\n<nav>");
    for (size_t i = 0; i < SECTION_COUNT; i++)
        text_appendf(page, "<a href=\"#%s\">%s</a> ", sections[i].id, sections[i].title);
    text_append(page, "</nav>\n</header>\n<main>\n");
}

static int write_sections(struct report *report, struct error *error)
{
    begin_page(report);
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        text_appendf(&report->page, "<section id=\"%s\">\n<h2>%s</h2>\n", sections[i].id,
                     sections[i].title);
        if (sections[i].write(report, error) < 0)
            return -1;
        text_append(&report->page, "</section>\n");
    }
    text_append(&report->page, "</main>\n</body>\n</html>\n");
    return 0;
}

static bool is_report(const char *page)
{
    char begin[sizeof page_head] = "";
    FILE *stream = fopen(page, "re");

    if (stream == NULL)
        return false;
    if (fread(begin, 1, sizeof begin - 1, stream) < sizeof begin - 1)
        begin[0] = '\0';
    fclose(stream);
    return strcmp(begin, page_head) == 0;
}

int report_check_folder(const char *folder, struct error *error)
{
    char *page = memory_format("%s/index.html", folder);
    int result = 0;

    if (!folder_is_free(folder) && !is_report(page)) {
        result = error_set(error, ERROR_INPUT, "%s holds something and is not a report", folder);
        error_hint(error, "give a new or an empty folder, or that of an earlier report");
    }
    free(page);
    return result;
}

/* A folder is known as a report's from the start, so that one that is cut short can be written
 * again. */
static int write_first_page(const char *path, struct error *error)
{
    char *page;
    int result;

    if (file_exists(path))
        return 0;
    page = memory_format("%snot written to its end</title>\n</head>\n<body>\n<p>The report was not "
                         "written to its end.</p>\n</body>\n</html>\n",
                         page_head);
    result = file_write(path, page, strlen(page), error);
    free(page);
    return result;
}

int report_write(const struct report_source *source, const char *folder, struct error *error)
{
    struct report report = {.source = source, .run = source->run};
    char *path = memory_format("%s/index.html", folder);
    int result;

    report.figures = memory_format("%s/figures", folder);
    /* Figures of an earlier report would look as if they were of this one. */
    result = report_check_folder(folder, error);
    if (result == 0)
        result = figure_check(error);
    if (result == 0)
        result = folder_make(folder, error);
    if (result == 0)
        result = write_first_page(path, error);
    if (result == 0)
        result = folder_remove(report.figures, error);
    if (result == 0)
        result = folder_make(report.figures, error);
    if (result == 0)
        result = figure_write_style(report.figures, error);
    if (result == 0)
        result = write_sections(&report, error);
    if (result == 0)
        result = file_write(path, text_string(&report.page), report.page.length, error);
    text_free(&report.page);
    free(report.figures);
    free(path);
    return result;
}
