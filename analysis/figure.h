/*
 * Figures by gnuplot. A figure is three kinds of files in one folder: NAME.csv (its data), NAME.gp
 * (a script with relative paths, which an author can edit and run again there) and what the script
 * draws, NAME.svg and NAME.pdf. style.gp holds what all figures share. The same data gives the
 * same bytes.
 */
#ifndef ANALYSIS_FIGURE_H
#define ANALYSIS_FIGURE_H

#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct figure {
    char *name; /* file name without its ending; letters, digits and dashes */
    int width;  /* pixels of the SVG; the PDF has a hundredth of it in inches */
    int height;
    struct text description; /* what it shows, for those who can't see it */
    struct text data;        /* NAME.csv */
    struct text metrics;     /* NAME-metrics.csv; empty for none */
    struct text body;        /* gnuplot commands that draw it, after style.gp was loaded */
};

/* Starts a figure called KIND-SUBJECT or KIND-SUBJECT-DETAIL, where `kind` is plain and the others
 * become slugs; `detail` may be NULL. Free with figure_free. */
void figure_start(struct figure *figure, int width, int height, const char *kind,
                  const char *subject, const char *detail);
void figure_free(struct figure *figure);

/* Makes sure that gnuplot is there; ERROR_UNREACHABLE names the Debian package. */
int figure_check(struct error *error);

/* Writes style.gp into the folder. */
int figure_write_style(const char *folder, struct error *error);

/*
 * Writes the figure's files into the folder, draws it, and appends the SVG to `page` as an inline
 * element whose ids carry the figure's name. `date_ns` is the date that the PDF states.
 */
int figure_draw(const struct figure *figure, const char *folder, int64_t date_ns, struct text *page,
                struct error *error);

/*
 * Colour ('#rrggbb') of a fault type, of a resource group, of 'normal' or 'binary': the same
 * everywhere, from a palette that stays distinct for the colour-blind (Okabe and Ito, 2008).
 */
const char *figure_colour(const char *name);

#endif
