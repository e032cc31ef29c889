/*
 * Text of a run on its way into a page, a gnuplot script, a data file or a file name. What a run
 * database holds is hostile: every string of it passes through one of these.
 */
#ifndef ANALYSIS_REPORT_TEXT_H
#define ANALYSIS_REPORT_TEXT_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Appends `string` as one line of valid UTF-8: white space and control characters become spaces,
 * broken bytes '?'; cut with an ellipsis after `limit` characters. */
void append_line(struct text *text, const char *string, size_t limit);

/* Appends `string` for HTML text or an attribute value in double quotes; NULL as nothing. */
void append_html(struct text *text, const char *string);

/* As append_html, but line breaks stay: for <pre>. */
void append_html_lines(struct text *text, const char *string);

/* Appends `string` as a gnuplot string in single quotes, in which gnuplot expands nothing; single
 * quotes and backticks become typographic ones, and ']]>' gets a space. */
void append_gnuplot(struct text *text, const char *string);

/* Appends `string` as a CSV field (RFC 4180) on one line. */
void append_csv(struct text *text, const char *string);

/* Appends `string` for a file name or an HTML id: itself if it has only lower-case letters, digits
 * and single dashes and at most 40 of them; else what is left of it and a hash, so that two names
 * never share a slug. */
void append_slug(struct text *text, const char *string);

/* Appends a number with as many digits as say something: 3 significant, no exponent within
 * 0.001 to 10^7; an en dash for NaN. */
void append_number(struct text *text, double value);

/* A number for a data file: what strtod reads back as the same double; 'NaN' for NaN. */
void append_exact(struct text *text, double value);

/* A share of 1 as a percentage with one decimal ('0.4 %'); an en dash for NaN. */
void append_share(struct text *text, double share);

/* The same of one that is near 1 and of which the difference counts: with two ('99.98 %'). */
void append_availability(struct text *text, double share);

#endif
