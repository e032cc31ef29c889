/*
 * Drives the SIPp driver for a test, over real access to the hosts of a testbed file:
 *   load_probe TESTBED CALLER[,CALLER ...] CALLEE[,CALLEE ...] SERVICE SCENARIO RATE SUBSCRIBERS
 * SECONDS FOLDER prints 'ready' and then a line for each sample. SIGINT ends the run early. Exits
 * as vnfault does.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/words.h"
#include "runner/load.h"

static struct stop stop;

static void request_stop(int number)
{
    stop_request(&stop, number); /* NOLINT(bugprone-signal-handler): atomics and write() only */
}

static int print_sample(const struct store_service_sample *sample, void *context,
                        struct error *error)
{
    (void)context;
    (void)error;
    printf("sample %.6f %.6f rate %g created %" PRId64 " succeeded %" PRId64 " failed %" PRId64
           " current %" PRId64 " retransmissions %" PRId64,
           (double)sample->window_start_ns / CLOCK_SECOND, (double)sample->time_ns / CLOCK_SECOND,
           sample->offered_rate, sample->calls_created, sample->calls_succeeded,
           sample->calls_failed, sample->calls_current, sample->retransmissions);
    for (size_t i = 0; i < sample->failure_count; i++)
        printf(" %s %" PRId64, sample->failures[i].name, sample->failures[i].count);
    for (size_t i = 0; i < sample->response_count; i++)
        printf(" %s %.3f ms", sample->responses[i].transaction,
               (double)sample->responses[i].mean_ns / CLOCK_MILLISECOND);
    printf(" host %s\n", sample->load_host);
    fflush(stdout);
    return 0;
}

static int drive(const struct load_setting *setting, double seconds, struct error *error)
{
    const struct load_driver *driver = load_driver_find("sipp");
    struct error ending;
    void *state;
    int outcome;

    if (driver->open(setting, &state, error) < 0)
        return -1;
    printf("version %s\n", driver->version(state, 0));
    outcome = driver->prepare(state, &stop, error);
    if (outcome == 0) {
        printf("ready\n");
        fflush(stdout);
        outcome = driver->start(state, setting->plan->rate, error);
    }
    if (outcome == 0)
        outcome = driver->run(state, clock_now() + (int64_t)(seconds * CLOCK_SECOND), &stop,
                              print_sample, NULL, error);
    if (driver->stop(state, outcome == 0 ? error : &ending) < 0)
        outcome = -1;
    driver->close(state);
    return outcome;
}

static struct access **open_hosts(const struct testbed *testbed, char *const *names, size_t count,
                                  struct error *error)
{
    struct access **opened = memory_new(count, sizeof(struct access *));

    for (size_t i = 0; error->kind == ERROR_NONE && i < count; i++) {
        const struct host *host = testbed_host(testbed, names[i]);

        if (host == NULL)
            error_set(error, ERROR_INPUT, "no host %s in the testbed", names[i]);
        else
            access_open(host, &opened[i], error);
    }
    return opened;
}

static void close_hosts(struct access **opened, size_t count)
{
    for (size_t i = 0; i < count; i++)
        access_close(opened[i]);
    free(opened);
}

int main(int count, char **words)
{
    struct findings findings = {0};
    struct error error = {0};
    struct load_setting setting = {0};
    struct access **callers;
    struct access **callees;
    struct load_plan plan = {.domain = "ims.test", .transport = "udp"};
    struct testbed *testbed;

    if (count != 10)
        return 64;
    log_set_level(LOG_INFO);
    testbed = testbed_read(words[1], &findings);
    for (size_t i = 0; i < findings.count; i++)
        fprintf(stderr, "%s:%d: %s\n", findings.items[i].file, findings.items[i].line,
                findings.items[i].what);
    findings_free(&findings);
    if (testbed == NULL || stop_open(&stop, &error) < 0)
        return 64;
    signal(SIGINT, request_stop);
    plan.service = words[4];
    plan.scenario = words[5];
    plan.rate = strtod(words[6], NULL);
    plan.subscribers = strtoll(words[7], NULL, 10);
    plan.callers = words_split(words[2], ",", &plan.caller_count);
    plan.callees = words_split(words[3], ",", &plan.callee_count);
    callers = open_hosts(testbed, plan.callers, plan.caller_count, &error);
    callees = open_hosts(testbed, plan.callees, plan.callee_count, &error);
    setting = (struct load_setting){
        .plan = &plan, .callers = callers, .callees = callees, .folder = words[9]};
    if (error.kind == ERROR_NONE)
        drive(&setting, strtod(words[8], NULL), &error);
    if (error.kind != ERROR_NONE)
        error_print(&error, stderr);
    close_hosts(callers, plan.caller_count);
    close_hosts(callees, plan.callee_count);
    words_free(plan.callers);
    words_free(plan.callees);
    testbed_free(testbed);
    stop_close(&stop);
    return error_exit_status(&error);
}
