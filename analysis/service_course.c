#include "analysis/service_course.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

static const double calls_that_tell = 5;

/* A service that has been up for so long has recovered, whatever comes later. */
static const double steady_seconds = 10;

/* The samples of one second, of all load hosts. */
struct second {
    int64_t number; /* of the experiment, from 0 */
    int64_t from_ns;
    int64_t until_ns;
    int64_t failed;
    int64_t ended;
    double due;
};

struct reading {
    const struct report_run *run;
    struct service_course *courses;
    double bound;
    size_t at; /* index of the experiment that is being read */
    struct second second;
    bool has_second;
    double up_ns;
    double down_ns;
};

/* Where the time after an injection ends: at the next one's command. */
static int64_t end_of_recovery(const struct report_experiment *experiment, size_t index)
{
    int64_t gone = experiment->injections[index].stored.gone_ns;
    int64_t until = INT64_MAX;

    for (size_t i = 0; i < experiment->injection_count; i++) {
        int64_t start = experiment->injections[i].stored.start_commanded_ns;

        if (start > gone && start < until)
            until = start;
    }
    return until;
}

static bool has_recovered(const struct service_recovery *recovery, double since_gone)
{
    return !isnan(recovery->seconds) && since_gone - recovery->seconds >= steady_seconds;
}

static void add_to_recoveries(struct reading *reading, bool is_up)
{
    const struct report_experiment *experiment = &reading->run->experiments[reading->at];
    struct service_recovery *recoveries = reading->courses[reading->at].recoveries;

    for (size_t i = 0; i < experiment->injection_count; i++) {
        int64_t gone = experiment->injections[i].stored.gone_ns;

        if (gone == 0 || reading->second.from_ns < gone ||
            reading->second.until_ns > end_of_recovery(experiment, i) ||
            has_recovered(&recoveries[i], (double)(reading->second.from_ns - gone) / 1e9))
            continue;
        if (isnan(recoveries[i].seconds))
            recoveries[i].seconds = 0;
        if (!is_up)
            recoveries[i].seconds = (double)(reading->second.until_ns - gone) / 1e9;
        recoveries[i].is_over = is_up;
    }
}

static void end_second(struct reading *reading)
{
    const struct second *second = &reading->second;
    double length = (double)(second->until_ns - second->from_ns);
    bool is_up;

    if (!reading->has_second)
        return;
    reading->has_second = false;
    if (second->ended == 0 && second->due < calls_that_tell)
        return;
    is_up = second->ended > 0 && (double)second->failed <= reading->bound * (double)second->ended;
    *(is_up ? &reading->up_ns : &reading->down_ns) += length;
    add_to_recoveries(reading, is_up);
}

static void end_experiment(struct reading *reading)
{
    if (reading->at == reading->run->experiment_count)
        return;
    end_second(reading);
    if (reading->up_ns + reading->down_ns > 0)
        reading->courses[reading->at].availability =
            reading->up_ns / (reading->up_ns + reading->down_ns);
    reading->up_ns = 0;
    reading->down_ns = 0;
}

/* Samples come in order of experiment. */
static bool go_to_experiment(struct reading *reading, int64_t id)
{
    if (reading->at < reading->run->experiment_count &&
        reading->run->experiments[reading->at].stored.id == id)
        return true;
    end_experiment(reading);
    for (reading->at = 0; reading->at < reading->run->experiment_count; reading->at++) {
        if (reading->run->experiments[reading->at].stored.id == id)
            return true;
    }
    return false;
}

static int take_sample(const struct store_service_sample *sample, void *context,
                       struct error *error)
{
    struct reading *reading = context;
    struct second *second = &reading->second;
    const struct report_experiment *experiment;
    int64_t number;

    (void)error;
    if (!go_to_experiment(reading, sample->experiment_id))
        return 0;
    experiment = &reading->run->experiments[reading->at];
    if (sample->window_start_ns < experiment->origin_ns ||
        sample->time_ns <= sample->window_start_ns ||
        (experiment->stored.measured_until_ns > 0 &&
         sample->time_ns > experiment->stored.measured_until_ns))
        return 0;
    number = (sample->time_ns - 1 - experiment->origin_ns) / CLOCK_SECOND;
    if (reading->has_second && second->number != number)
        end_second(reading);
    if (!reading->has_second)
        *second = (struct second){
            .number = number, .from_ns = sample->window_start_ns, .until_ns = sample->time_ns};
    reading->has_second = true;
    if (sample->window_start_ns < second->from_ns)
        second->from_ns = sample->window_start_ns;
    if (sample->time_ns > second->until_ns)
        second->until_ns = sample->time_ns;
    second->failed += sample->calls_failed;
    second->ended += sample->calls_failed + sample->calls_succeeded;
    second->due += sample->offered_rate * (double)(sample->time_ns - sample->window_start_ns) / 1e9;
    return 0;
}

int service_courses_read(struct store *store, const struct report_run *run,
                         double maximum_failure_share, struct service_course **courses,
                         struct error *error)
{
    struct reading reading = {
        .run = run, .bound = maximum_failure_share, .at = run->experiment_count};

    *courses = memory_new(run->experiment_count, sizeof **courses);
    for (size_t i = 0; i < run->experiment_count; i++) {
        struct service_course *course = &(*courses)[i];
        size_t count = run->experiments[i].injection_count;

        course->availability = NAN;
        course->recoveries = memory_new(count, sizeof *course->recoveries);
        for (size_t j = 0; j < count; j++)
            course->recoveries[j].seconds = NAN;
    }
    reading.courses = *courses;
    if (store_each_service_sample(store, take_sample, &reading, error) < 0)
        return -1;
    end_experiment(&reading);
    return 0;
}

void service_courses_free(struct service_course *courses, const struct report_run *run)
{
    for (size_t i = 0; courses != NULL && i < run->experiment_count; i++)
        free(courses[i].recoveries);
    free(courses);
}
