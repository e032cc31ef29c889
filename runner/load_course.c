#include "runner/load_course.h"

#include "base/clock.h"
#include "runner/load_profile.h"

#define LEAST_STEP (2 * CLOCK_SECOND) /* each costs the load host a shell */
/* An instant so shortly before a step, in the profile's time, is in it: what rounding does to
 * instants makes no steps of a nanosecond. */
#define SLACK INT64_C(1000)
enum { MOST_STEPS = 60 }; /* from one point of the profile to the next */

struct load_course load_course_of(const struct plan *plan,
                                  const struct planned_experiment *experiment,
                                  int64_t measured_from)
{
    const struct campaign *campaign = plan->campaign;
    const struct load_profile *profile = campaign->load.profile;
    struct load_course course = {
        .load = &campaign->load,
        .scale = plan->scale,
        .origin = measured_from - plan->timeline.warm_up,
    };

    if (profile == NULL)
        return course;
    course.place = (experiment->profile_start - campaign->timeline.warm_up) % profile->period;
    if (course.place < 0)
        course.place += profile->period;
    return course;
}

static int64_t steps_of(const struct load_course *course, const struct profile_segment *segment)
{
    int64_t length = time_scale_apply(course->scale, segment->end - segment->start);
    int64_t count = length / LEAST_STEP;

    if (segment->from == segment->to || count < 1)
        return 1;
    return count < MOST_STEPS ? count : MOST_STEPS;
}

struct load_step load_course_at(const struct load_course *course, int64_t instant)
{
    const struct load_profile *profile = course->load->profile;
    const struct time_scale inverse = {course->scale.denominator, course->scale.numerator};
    struct load_step step = {.rate = course->load->rate, .until = INT64_MAX};
    struct profile_segment segment;
    int64_t elapsed;
    int64_t place;
    int64_t count;
    int64_t number;
    int64_t left; /* until the step's end, unscaled */

    if (profile == NULL)
        return step;
    elapsed = instant > course->origin ? instant - course->origin : 0;
    elapsed = time_scale_apply(inverse, elapsed) + SLACK;
    place = (course->place + elapsed) % profile->period;
    segment = load_profile_segment(profile, place);
    count = steps_of(course, &segment);
    number = (place - segment.start) * count / (segment.end - segment.start);
    left = segment.start + (segment.end - segment.start) * (number + 1) / count - place;
    step.rate *=
        segment.from + (segment.to - segment.from) * ((double)number + 0.5) / (double)count;
    step.until = course->origin + time_scale_apply(course->scale, elapsed + left);
    if (step.until <= instant) /* a scale that makes nothing of the slack */
        step.until = instant + 1;
    return step;
}

double load_course_calls(const struct load_course *course, int64_t from, int64_t until)
{
    double calls = 0;

    while (from < until) {
        struct load_step step = load_course_at(course, from);
        int64_t end = step.until < until ? step.until : until;

        calls += step.rate * (double)(end - from) / (double)CLOCK_SECOND;
        from = end;
    }
    return calls;
}
