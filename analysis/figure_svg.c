#include "analysis/figure_svg.h"

#include <string.h>

#include "analysis/report_text.h"

/* What stands before an id in gnuplot's SVG. */
static const char *const id_leads[] = {"id=\"", "id='", "href=\"#", "href='#", "url(#", "url('#"};

static const char empty_group[] =
    "<g fill=\"none\" color=\"black\" stroke=\"currentColor\" stroke-width=\"1.00\" "
    "stroke-linecap=\"butt\" stroke-linejoin=\"miter\">\n</g>\n";

/* Copies up to `end`, with the prefix set before ids, and without gnuplot's titles of curves, which
 * a browser would show at the pointer. */
static void copy_with_prefix(struct text *page, const char *svg, const char *end,
                             const char *prefix)
{
    while (svg < end) {
        size_t lead = 0;

        if (strncmp(svg, empty_group, sizeof empty_group - 1) == 0) {
            svg += sizeof empty_group - 1;
            continue;
        }
        if (string_starts_with(svg, "<title>") && strstr(svg, "</title>") != NULL) {
            svg = strstr(svg, "</title>") + strlen("</title>");
            continue;
        }
        for (size_t i = 0; i < sizeof id_leads / sizeof id_leads[0] && lead == 0; i++) {
            if (string_starts_with(svg, id_leads[i]))
                lead = strlen(id_leads[i]);
        }
        if (lead > 0) {
            text_append_bytes(page, svg, lead);
            text_appendf(page, "%s-", prefix);
            svg += lead;
        } else {
            text_append_bytes(page, svg++, 1);
        }
    }
}

/* The text after the next `mark`, or `svg` itself if there is none. */
static const char *after(const char *svg, const char *mark)
{
    const char *found = strstr(svg, mark);

    return found == NULL ? svg : found + strlen(mark);
}

void svg_append_inline(struct text *page, const char *svg, const char *prefix,
                       const char *description)
{
    const char *view_box = strstr(svg, "viewBox=");
    const char *body = after(svg, "</desc>");
    const char *end = strstr(body, "</svg>");

    if (view_box == NULL || end == NULL)
        return;
    text_append(page, "<svg ");
    text_append_bytes(page, view_box, (size_t)(strchr(view_box, '>') - view_box));
    text_appendf(page, " id=\"%s\" role=\"img\" aria-label=\"", prefix);
    append_html(page, description);
    text_append(page, "\">");
    copy_with_prefix(page, body, end, prefix);
    text_append(page, "</svg>\n");
}
