/* A folder with a page, index.html, and the figures that it shows: of a run, or of many. */
#ifndef ANALYSIS_PAGE_FOLDER_H
#define ANALYSIS_PAGE_FOLDER_H

#include "analysis/report_page.h"
#include "base/error.h"
#include "base/text.h"

/* ERROR_INPUT if the folder holds something and no page of ours whose title begins with `title`:
 * then it is somebody's own. */
int page_folder_check(const char *folder, const char *title, struct error *error);

/* Whether the folder holds such a page. */
bool page_folder_is(const char *folder, const char *title);

/* Makes the folder as page_folder_check wants it, known as ours from the start, and an empty folder
 * `figures` in it. ERROR_UNREACHABLE if gnuplot is missing. */
int page_folder_begin(const char *folder, const char *figures, const char *title,
                      struct error *error);

/* Appends the head of the page; its title is `title` and then `name`. The body is left open. */
void page_begin(struct text *page, const char *title, const char *name);

/* Closes the page and writes it to a file, whole or not at all. */
int page_end(const char *path, struct text *page, struct error *error);

/* The same to FOLDER/index.html. */
int page_folder_end(const char *folder, struct text *page, struct error *error);

#endif
