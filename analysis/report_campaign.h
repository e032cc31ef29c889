/* What the report needs of the campaign and testbed files that a run database holds. */
#ifndef ANALYSIS_REPORT_CAMPAIGN_H
#define ANALYSIS_REPORT_CAMPAIGN_H

struct report_campaign {
    char *description; /* "" if none */
    /* The service level; negative where the campaign states none. */
    double maximum_failure_share; /* of calls, over the nominal experiments */
    double maximum_response_time; /* mean of a call, seconds */
};

/* Reads a campaign's XML. A text that is no campaign states nothing: the file was checked before
 * the run, and a run that was imported may have another. Free with report_campaign_free. */
void report_campaign_read(const char *xml, struct report_campaign *campaign);
void report_campaign_free(struct report_campaign *campaign);

/* The name that a testbed's XML gives it; NULL if it gives none or is no XML. Caller frees. */
char *report_testbed_name(const char *xml);

#endif
