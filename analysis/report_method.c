#include "analysis/report_page.h"

static const char *const notes[] = {
    "Edges",
    "The target reports the instants at which a fault took hold and was gone, by its own clock; "
    "the offset to the runner's clock is measured and its error is bounded. The bound is in the "
    "table of experiments. An instant here is on the runner's clock.",
    "Labels",
    "An observation covers the window from the one before it to its own time. Wholly inside the "
    "fault it has the fault type as its label; when the window touches an edge, it is a ramp or "
    "cool-down; all else is normal. Labels belong to the target that was injected into; for the "
    "other targets the same observation counts as elsewhere.",
    "Left out of training and scores",
    "Ramp and cool-down observations, observations of targets while a fault is elsewhere, and all "
    "observations of experiments that are invalid or torn. They are counted in the table of "
    "labels.",
    "Validity",
    "An experiment is valid if the load reached its rate, nominal failures stayed under the "
    "calibrated bound, every injection was verified and reverted, and monitoring had no gap. A "
    "fault that verify did not find is a phantom and makes its experiment invalid.",
    "Service figures",
    "Counts belong to the window in which the load generator noticed them. A call broken by a "
    "fault may count as failed only when its timer ends, which can be after the fault. Windows "
    "that touch an edge belong to no period. A mean response time weighs each window by the calls "
    "that ended in it, succeeded or failed. That of 'call' is of all calls that ended, also of "
    "those that timed out; those of other transactions know only what was answered.",
    "Curves and areas",
    "Curves are of the out-of-fold scores of all observations pooled; areas are by the trapezoid "
    "rule. The mean and the standard deviation are over the folds in which the figure exists (a "
    "fold without a positive has none). The area under a precision-recall curve by trapezoids is "
    "optimistic where few scores differ; average precision is not.",
    "Detection over time",
    "An alarm is a score at the threshold or above. A score is known at the end of its "
    "observation's window, "
    "so "
    "that a delay holds up to a monitoring period of waiting. False alarms a day are counted in "
    "nominal running alone, and are told from few hours of it: they are rough.",
    "Limits",
    "Figures hold for this testbed, load and these intensities. With few experiments of a fault "
    "type, the split by experiment has few folds with positives and a wide spread.",
    NULL,
};

int report_write_method(struct report *report, struct error *error)
{
    (void)error;
    text_append(&report->page, "<dl>\n");
    for (size_t i = 0; notes[i] != NULL; i += 2) {
        page_element(report, "dt", notes[i]);
        page_element(report, "dd", notes[i + 1]);
        text_append(&report->page, "\n");
    }
    text_append(&report->page, "</dl>\n");
    return 0;
}
