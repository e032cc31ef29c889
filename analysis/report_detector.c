#include "analysis/report_detector.h"

#include <string.h>

#include "analysis/report_text.h"

static const char supervised_text[] = " One binary model (injection or none) and one model per "
                                      "fault type against all the rest, as in "
                                      "the first paper (Sauvanaud et al., 2016, section IV).</p>\n";

static const char joint_text[] =
    " One model tells normal observations and those of each fault type apart; the binary score is "
    "what is not normal.</p>\n";

static const char unsupervised_text[] =
    " It is trained on normal observations alone, never on a fault, and gives one score: how "
    "unlike "
    "those an observation is. The row of a fault type compares the observations of this fault with "
    "normal ones by that score, and leaves out those of other faults.</p>\n";

static const char supervised_splits[] =
    "<p>The same observations are split in several ways, shown side by side. "
    "<strong>Stratified</strong> "
    "deals the observations of all experiments out to the folds at random, as cross validation is "
    "usually done and as in the paper: "
    "neighbours in time from one and the same injection stand in training and test, so the "
    "figure says how well a detector recognises what it has seen. <strong>By experiment</strong> "
    "keeps every experiment whole on one side: the detector meets an injection that it has never "
    "seen. The distance between the two is how much of the first figure came from that "
    "kinship. <strong>By intensity</strong> tests on an intensity that was not trained on, "
    "<strong>by repetition</strong> on a repetition of the campaign that was not.</p>\n";

static const char unsupervised_splits[] =
    "<p>The same observations are split in several ways, shown side by side. "
    "<strong>Stratified</strong> deals the observations of all experiments out to the folds at "
    "random, so that neighbours in time stand in training and test. <strong>By experiment</strong> "
    "keeps every experiment whole on one side. The distance between the two is how much of the "
    "first figure came from having seen the normal observations around a fault. <strong>By "
    "intensity</strong> and <strong>by repetition</strong> keep together the experiments of an "
    "intensity or of a repetition of the campaign.</p>\n";

static const struct detector *parse_detector(const struct report *report,
                                             struct detector_setting *setting)
{
    struct error unknown = {0};

    if (report->source->evaluation == NULL)
        return NULL;
    return detector_parse(report->source->evaluation->setting.detector, setting, &unknown);
}

const struct detector *report_detector(const struct report *report)
{
    struct detector_setting setting = {0};

    return parse_detector(report, &setting);
}

bool report_is_joint(const struct report *report)
{
    struct detector_setting setting = {0};
    const struct detector *detector = parse_detector(report, &setting);

    return detector != NULL && detector_is_joint(detector, &setting);
}

static const char *describe_classes(const struct report *report, const struct detector *detector)
{
    if (detector == NULL)
        return "</p>\n";
    if (!detector->supervised)
        return unsupervised_text;
    return report_is_joint(report) ? joint_text : supervised_text;
}

const struct split_result *report_series_split(const struct target_result *target)
{
    for (size_t i = 0; i < target->split_count; i++) {
        if (target->splits[i].detection.series_count > 0)
            return &target->splits[i];
    }
    return NULL;
}

bool report_reconstructs(const struct report *report)
{
    const struct evaluation *evaluation = report->source->evaluation;

    for (size_t i = 0; evaluation != NULL && i < evaluation->target_count; i++) {
        const struct split_result *split = report_series_split(&evaluation->targets[i]);

        for (size_t j = 0; split != NULL && j < split->detection.series_count; j++) {
            if (split->detection.series[j].group_count > 0)
                return true;
        }
    }
    return false;
}

static void write_setting(struct report *report, const struct detector *detector)
{
    const struct evaluation_setting *setting = &report->source->evaluation->setting;
    struct text *page = &report->page;

    text_append(page, "<p class=\"muted\">Detector <code>");
    append_html(page, setting->detector != NULL ? setting->detector : "forest");
    text_append(page, "</code>");
    /* Only a forest has trees; the number is in every setting. */
    if (detector == NULL || strcmp(detector->name, "forest") == 0)
        text_appendf(page, ", %lld trees", (long long)setting->trees);
    if (setting->trained_on == NULL)
        text_appendf(page, ", %lld folds", (long long)setting->folds);
    text_appendf(page, ", seed %llu, threshold %g%s.</p>\n", (unsigned long long)setting->seed,
                 setting->threshold, setting->balanced ? ", balanced class weights" : "");
}

void report_write_introduction(struct report *report)
{
    const struct evaluation_setting *setting = &report->source->evaluation->setting;
    const struct detector *detector = report_detector(report);
    struct text *page = &report->page;

    text_append(page, "<p>A detector per target");
    if (detector != NULL)
        text_appendf(page, ": %s", detector->summary);
    text_append(page, ".");
    text_append(page, describe_classes(report, detector));
    if (setting->trained_on == NULL) {
        text_append(page, detector != NULL && !detector->supervised ? unsupervised_splits
                                                                    : supervised_splits);
    } else {
        text_append(page, "<p>It was trained on all of another run, ");
        append_html(page, setting->trained_on);
        text_append(page, ", and tested on this one.</p>\n");
    }
    write_setting(report, detector);
}
