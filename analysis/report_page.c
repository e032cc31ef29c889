#include "analysis/report_page.h"

#include <math.h>
#include <string.h>

#include "analysis/report_text.h"

enum { WIDEST_SHRUNK = 1000 }; /* pixels: wider figures scroll where they would not be legible */

void page_element(struct report *report, const char *tag, const char *string)
{
    text_appendf(&report->page, "<%s>", tag);
    append_html(&report->page, string);
    text_appendf(&report->page, "</%.*s>", (int)strcspn(tag, " "), tag);
}

void page_fault(struct report *report, const char *fault_type)
{
    if (fault_type == NULL) {
        text_append(&report->page, "<span class=\"muted\">nominal</span>");
        return;
    }
    text_appendf(&report->page, "<span class=\"fault\"><i style=\"background:%s\"></i>",
                 figure_colour(fault_type));
    append_html(&report->page, fault_type);
    text_append(&report->page, "</span>");
}

void page_number(struct report *report, double value)
{
    text_append(&report->page, "<td class=\"n\">");
    append_number(&report->page, value);
    text_append(&report->page, "</td>");
}

void page_share(struct report *report, double share)
{
    if (isfinite(share))
        text_appendf(&report->page, "<td class=\"n share\" style=\"--share:%.3f\">",
                     fmin(fmax(share, 0), 1));
    else
        text_append(&report->page, "<td class=\"n\">");
    append_share(&report->page, share);
    text_append(&report->page, "</td>");
}

bool report_is_scaled(const struct report *report)
{
    const char *scale = report->run->run.time_scale;

    return strcmp(scale, "1") != 0 && strcmp(scale, "1/1") != 0;
}

void page_nothing(struct report *report, const char *why)
{
    page_element(report, "p class=\"nothing\"", why);
    text_append(&report->page, "\n");
}

int page_figure(struct report *report, struct figure *figure, struct error *error)
{
    struct stop *stop = report->source->stop;
    int result;

    if (stop != NULL && stop_reason(stop) != 0) {
        figure_free(figure);
        return error_set(error, ERROR_INTERRUPTED, "interrupted while drawing figures");
    }
    text_append(&report->page,
                figure->width > WIDEST_SHRUNK ? "<figure class=\"wide\">\n" : "<figure>\n");
    result =
        figure_draw(figure, report->figures, report->run->run.started_ns, &report->page, error);
    text_append(&report->page, "<figcaption>");
    append_html(&report->page, text_string(&figure->description));
    text_appendf(&report->page, ". <code>figures/%s</code></figcaption>\n</figure>\n",
                 figure->name);
    figure_free(figure);
    return result;
}
