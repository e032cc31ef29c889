/*
 * Whether the service was up, second by second: its availability in each experiment, and the time
 * it took to recover from each injection. A second is down if more than a bound of the calls that
 * ended in it failed; if none ended, where five or more were due; a second in which fewer were due
 * and none ended says nothing.
 */
#ifndef ANALYSIS_SERVICE_COURSE_H
#define ANALYSIS_SERVICE_COURSE_H

#include <stdbool.h>

#include "analysis/report_run.h"
#include "base/error.h"
#include "store/store.h"

struct service_recovery {
    /* From the instant at which the fault was gone to the end of the last second that was down
     * before the service was up for 10 s, or until the next injection of the experiment; 0 if none
     * was; NaN if nothing is known. */
    double seconds;
    bool is_over; /* else the service was still down at the end, so that it took longer */
};

struct service_course {
    double availability; /* share of the measured time that was up; NaN if nothing is known */
    struct service_recovery *recoveries; /* one for each injection of the experiment */
};

/* One for each experiment of the run, which was read from the store; free with
 * service_courses_free. Service samples may have windows of more than a second: they are taken as
 * they are. */
int service_courses_read(struct store *store, const struct report_run *run,
                         double maximum_failure_share, struct service_course **courses,
                         struct error *error);
void service_courses_free(struct service_course *courses, const struct report_run *run);

#endif
