/* An SVG file of gnuplot as an element inside a page. */
#ifndef ANALYSIS_FIGURE_SVG_H
#define ANALYSIS_FIGURE_SVG_H

#include "base/text.h"

/*
 * Appends the <svg> element of the file's text to `page`: scaled by the page, labelled with
 * `description`, and with `prefix` before each of its ids and references to them, since many
 * figures share one page and ids must be unique in it. gnuplot's empty groups and its own title
 * are left out.
 */
void svg_append_inline(struct text *page, const char *svg, const char *prefix,
                       const char *description);

#endif
