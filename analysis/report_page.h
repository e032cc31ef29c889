/* The page in the making, and what its sections share. */
#ifndef ANALYSIS_REPORT_PAGE_H
#define ANALYSIS_REPORT_PAGE_H

#include <stdbool.h>

#include "analysis/figure.h"
#include "analysis/report.h"
#include "base/text.h"

struct report {
    const struct report_source *source;
    const struct report_run *run; /* source->run */
    char *figures;                /* folder of the figures */
    struct text page;
};

/* A part of the page: one file analysis/report_NAME.c and one line in the table of report.c. */
struct report_section {
    const char *id;
    const char *title;
    int (*write)(struct report *report, struct error *error);
};

/* The sections of report.c's table, in the order of the page. */
int report_write_head(struct report *report, struct error *error);
int report_write_experiments(struct report *report, struct error *error);
int report_write_service(struct report *report, struct error *error);
int report_write_recovery(struct report *report, struct error *error);
int report_write_levels(struct report *report, struct error *error);
int report_write_timelines(struct report *report, struct error *error);
int report_write_detectors(struct report *report, struct error *error);
int report_write_detection(struct report *report, struct error *error);
int report_write_radiographies(struct report *report, struct error *error);
int report_write_propagation(struct report *report, struct error *error);
int report_write_importance(struct report *report, struct error *error);
int report_write_method(struct report *report, struct error *error);

extern const char *const report_stylesheet[]; /* parts in order; ends with NULL */

/* Appends '<tag>escaped</tag>'; `tag` may carry attributes ('td class="n"'). */
void page_element(struct report *report, const char *tag, const char *string);

/* A fault type with its colour: a small square and the name; 'nominal' for NULL. */
void page_fault(struct report *report, const char *fault_type);

/* A right-aligned table cell with a number (see append_number) or a share in per cent. */
void page_number(struct report *report, double value);
void page_share(struct report *report, double share);

/* Whether the run's durations were another part of the campaign's than all of it. */
bool report_is_scaled(const struct report *report);

/* A paragraph that says why something is not shown. */
void page_nothing(struct report *report, const char *why);

/* Draws the figure in the figures folder and puts it on the page with a caption. Takes the
 * figure: it is freed, also after an error. */
int page_figure(struct report *report, struct figure *figure, struct error *error);

#endif
