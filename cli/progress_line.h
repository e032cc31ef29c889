/* One line on standard error that is drawn again and again, where that is a terminal; elsewhere
 * nothing. */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>

/* Whether there is a terminal to draw it on. */
bool progress_line_is_seen(void);

/* Draws it, cut to the terminal's width; lines of the log go above it. */
void progress_line_show(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Takes it away, before other text is printed. */
void progress_line_end(void);

#endif
