/* The <monitoring> and <timeline> of a campaign file: times that must fit into one another. */
#include "base/clock.h"
#include "runner/campaign_parts.h"

#define LEAST_PERIOD (100 * CLOCK_MILLISECOND)
enum { LEAST_OBSERVATIONS = 10 }; /* of one experiment */

/* A duration as users write it, for messages. */
struct words {
    char text[24];
};

static struct words in_words(int64_t duration)
{
    struct words words = {""};

    clock_format_duration(duration, words.text, sizeof words.text);
    return words;
}

static void check_period(const struct campaign *campaign, struct element monitoring,
                         struct element timeline)
{
    int64_t period = campaign->monitoring_period;

    if (period >= 0 && period < LEAST_PERIOD)
        element_finding(monitoring, "period", "it is at least 100ms",
                        "a monitoring period of %s is too short", in_words(period).text);
    else if (period > 0 && campaign->timeline.duration >= 0 &&
             campaign->timeline.duration / period < LEAST_OBSERVATIONS)
        element_finding(timeline, "duration", "give it at least ten monitoring periods",
                        "a duration of %s has too few observations at a period of %s",
                        in_words(campaign->timeline.duration).text, in_words(period).text);
}

static void check_injection(const struct campaign *campaign, struct element injection)
{
    const struct timeline *timeline = &campaign->timeline;
    int64_t end = timeline->injection_start + timeline->injection_length;

    if (timeline->injection_start < 0 || timeline->injection_length < 0 || timeline->duration < 0)
        return;
    if (timeline->injection_length == 0)
        element_finding(injection, "length", "", "an injection of no length injects nothing");
    else if (end > timeline->duration)
        element_finding(injection, "length", "start and length are within the timeline's duration",
                        "the injection ends at %s, after the duration of %s", in_words(end).text,
                        in_words(timeline->duration).text);
    else if (end + timeline->cool_down > timeline->duration)
        element_finding(injection, "length", "shorten the cool-down or lengthen the duration",
                        "the cool-down ends at %s, after the duration of %s",
                        in_words(end + timeline->cool_down).text,
                        in_words(timeline->duration).text);
    if (campaign->monitoring_period > 0 && timeline->injection_length > 0 &&
        timeline->injection_length < 2 * campaign->monitoring_period)
        element_finding(injection, "length", "make it two monitoring periods or more",
                        "an injection of %s may hold no whole observation at a period of %s",
                        in_words(timeline->injection_length).text,
                        in_words(campaign->monitoring_period).text);
}

void campaign_read_timeline(struct campaign *campaign, struct element root)
{
    struct timeline *timeline = &campaign->timeline;
    struct element monitoring = element_child(root, "monitoring");
    struct element element = element_child(root, "timeline");
    struct element injection = element_child(element, "injection");

    /* -1 for what can't be read, so that it is not compared with anything. */
    campaign->monitoring_period = -1;
    timeline->duration = -1;
    element_duration(monitoring, "period", &campaign->monitoring_period);
    element_duration(element, "warm-up", &timeline->warm_up);
    element_duration(element, "duration", &timeline->duration);
    element_duration(element, "cool-down", &timeline->cool_down);
    check_period(campaign, monitoring, element);
    if (injection.node == NULL)
        return;
    timeline->injection_start = -1;
    timeline->injection_length = -1;
    element_duration(injection, "start", &timeline->injection_start);
    element_duration(injection, "length", &timeline->injection_length);
    check_injection(campaign, injection);
}
