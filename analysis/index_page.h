/* The sections of the index's page, in their order. */
#ifndef ANALYSIS_INDEX_PAGE_H
#define ANALYSIS_INDEX_PAGE_H

#include "analysis/report_page.h"
#include "analysis/run_index.h"

/* Each opens and closes its own elements; the head opens <main> and the last one closes it. */
void index_write_head(struct report *report, const struct run_index *index);
void index_write_runs(struct report *report, const struct run_index *index, const char *output);
int index_write_trends(struct report *report, const struct run_index *index, struct error *error);
void index_write_unread(struct report *report, const struct run_index *index);
void index_write_method(struct report *report);

/* The campaign of a run, with its time scale where that is not 1: runs of other scales can't be
 * compared. The caller frees. */
char *index_campaign_name(const struct index_run *run);

/*
 * How a page in the folder `from` refers to the file `to`, both of which are there: a relative URL
 * with every byte escaped that is not plain. NULL if `to` is not a regular file. Caller frees.
 */
char *index_link(const char *from, const char *to);

#endif
