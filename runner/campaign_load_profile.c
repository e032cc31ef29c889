/* The load rate of a campaign file, and its course over time. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "runner/campaign_parts.h"
#include "runner/load_profile.h"

#define DAY (INT64_C(86400) * CLOCK_SECOND)

/* The file of the <profile>; NULL with a finding if it can't be read. */
static struct load_profile *read_file(struct element element)
{
    char *written = element_text(element, "file", "");
    char *path = path_beside(xml_file(element.node), written);
    struct load_profile *profile = NULL;
    int64_t period = DAY;

    element_duration(element, "period", &period);
    if (period <= 0)
        element_finding(element, "period", "", "a profile of no length can't repeat");
    else if (written[0] != '\0' && !file_exists(path))
        element_finding(element, "file", "a path is relative to the file it is written in",
                        "there is no load profile %s", path);
    else if (written[0] != '\0')
        profile = load_profile_read(path, period, element.findings);
    free(path);
    free(written);
    return profile;
}

static void read_start(struct load_plan *load, struct element element)
{
    char *text = element_attribute(element, "start");
    struct error error = {0};

    if (text != NULL && load_profile_time(load->profile, text, &load->profile_start, &error) < 0)
        element_finding(element, "start", error.hint, "%s", error.what);
    free(text);
}

static void check_period(const struct load_profile *profile, struct element element)
{
    char *period = element_attribute(element, "period");

    if (period != NULL && profile->written != PROFILE_OFFSET)
        element_finding(element, "period", "only a profile of offsets (90min) has one to be said",
                        "the times of this profile repeat after a %s",
                        profile->written == PROFILE_DAY ? "day" : "week");
    free(period);
}

/* A file of shares needs the rate that they are of; one of rates has it. */
static void check_rate(struct load_plan *load, struct element element)
{
    char *rate = element_attribute(element, "rate");
    bool has_rates = load->profile != NULL && load->profile->peak > 0;

    if (rate == NULL &&
        (element_child(element, "profile").node == NULL || (load->profile != NULL && !has_rates)))
        element_finding(element, NULL,
                        "rate=\"120calls/s\", say; with a profile of shares it is "
                        "the rate at 100%",
                        "the attribute \"rate\" is missing");
    if (rate != NULL && has_rates)
        element_finding(element, "rate", "leave it out, or give the profile a column 'share'",
                        "the profile is one of rates");
    if (has_rates)
        load->rate = load->profile->peak;
    free(rate);
}

void campaign_read_load_profile(struct load_plan *load, struct element element)
{
    struct element profile = element_child(element, "profile");
    char *interpolation = element_text(profile, "interpolation", "linear");

    if (profile.node != NULL)
        load->profile = read_file(profile);
    if (load->profile != NULL) {
        load->profile->held = strcmp(interpolation, "held") == 0;
        read_start(load, profile);
        element_duration(profile, "advance", &load->profile_advance);
        check_period(load->profile, profile);
    }
    check_rate(load, element);
    free(interpolation);
}
