#include "analysis/report.h"

#include <stdlib.h>

#include "analysis/page_folder.h"
#include "base/memory.h"

static const struct report_section sections[] = {
    {"summary", "Summary", report_write_head},
    {"experiments", "Experiments", report_write_experiments},
    {"service", "Service impact", report_write_service},
    {"recovery", "Availability and recovery", report_write_recovery},
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

static const char title[] = "vnfault report: ";

static void begin_page(struct report *report)
{
    struct text *page = &report->page;

    page_begin(page, title, report->run->run.name);
    text_append(page, "<header>\n<p class=\"kicker\">vnfault fault-injection report</p>\n");
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
    text_append(&report->page, "</main>\n");
    return 0;
}

int report_check_folder(const char *folder, struct error *error)
{
    return page_folder_check(folder, title, error);
}

int report_write(const struct report_source *source, const char *folder, struct error *error)
{
    struct report report = {.source = source, .run = source->run};
    int result;

    report.figures = memory_format("%s/figures", folder);
    result = page_folder_begin(folder, report.figures, title, error);
    if (result == 0)
        result = write_sections(&report, error);
    if (result == 0)
        result = page_folder_end(folder, &report.page, error);
    text_free(&report.page);
    free(report.figures);
    return result;
}
