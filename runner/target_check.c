#include "runner/target_check.h"

#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/access.h"
#include "runner/injection_means.h"
#include "runner/load_fault.h"
#include "runner/service_watch.h"

/* Hosts that are looked at side by side: one that does not answer must not hold up the others. */
#define WORKERS 16

/* One host under inspection. */
struct inspection {
    const struct target_check_setting *setting;
    const struct host *host;
    struct access *access;
    struct target_checks checks;
};

/* What a check finds when all is well. */
struct finding_text {
    char text[640];
};

static void add(struct target_checks *checks, const struct target_check *check)
{
    checks->items =
        memory_grow(checks->items, checks->count, &checks->capacity, sizeof *checks->items);
    checks->items[checks->count++] = *check;
    checks->failed += !check->passed;
}

static void conclude(struct inspection *inspection, const char *item, int result,
                     const struct finding_text *found, const struct error *error)
{
    struct target_check check = {.passed = result == 0};

    snprintf(check.host, sizeof check.host, "%s", inspection->host->name);
    snprintf(check.item, sizeof check.item, "%s", item);
    snprintf(check.detail, sizeof check.detail, "%s", result == 0 ? found->text : error->what);
    snprintf(check.hint, sizeof check.hint, "%s", result == 0 ? "" : error->hint);
    add(&inspection->checks, &check);
}

/* --- the checks: each finds something, or says in the error what is missing --- */

/* Runs argv; its first line of output is what was found. */
static int first_line(struct inspection *inspection, const char *const argv[],
                      struct finding_text *found, struct error *error)
{
    struct command_result result;
    int status;

    if (access_run(inspection->access, argv, NULL, 0, 0, &result, error) < 0)
        return -1;
    snprintf(found->text, sizeof found->text, "%.*s",
             (int)strcspn(text_string(&result.output), "\r\n"), text_string(&result.output));
    for (char *at = found->text; *at != '\0'; at++) {
        if (*at < ' ' || *at > '~')
            *at = '?';
    }
    status = result.exit_status;
    command_result_free(&result);
    return status;
}

static int check_access(struct inspection *inspection, struct finding_text *found,
                        struct error *error)
{
    struct text reached = {0};

    if (inspection->access == NULL && access_open(inspection->host, &inspection->access, error) < 0)
        return -1;
    if (access_describe(inspection->access, &reached, error) == 0)
        snprintf(found->text, sizeof found->text, "%s", text_string(&reached));
    text_free(&reached);
    return 0;
}

static int check_privilege(struct inspection *inspection, struct finding_text *found,
                           struct error *error)
{
    static const char *const argv[] = {"id", "-u", NULL};

    if (first_line(inspection, argv, found, error) < 0)
        return -1;
    if (strcmp(found->text, "0") == 0) {
        snprintf(found->text, sizeof found->text, "root");
        return 0;
    }
    error_set(error, ERROR_UNREACHABLE, "commands run as user %.32s, not as root", found->text);
    return error_hint(error, "log in as root, or say sudo=\"true\" in the testbed file");
}

static int check_kernel(struct inspection *inspection, struct finding_text *found,
                        struct error *error)
{
    static const char *const argv[] = {"uname", "-srm", NULL};

    if (first_line(inspection, argv, found, error) < 0)
        return -1;
    if (string_starts_with(found->text, "Linux "))
        return 0;
    error_set(error, ERROR_UNREACHABLE, "the kernel is '%.64s'", found->text);
    return error_hint(error, "faults are injected on Linux only");
}

static int check_clock(struct inspection *inspection, struct finding_text *found,
                       struct error *error)
{
    int64_t offset;
    int64_t bound;

    if (access_clock_offset(inspection->access, &offset, &bound, error) < 0)
        return -1;
    snprintf(found->text, sizeof found->text,
             "%+.3f ms from the runner's, wrong by %.3f ms at most",
             (double)offset / (double)CLOCK_MILLISECOND, (double)bound / (double)CLOCK_MILLISECOND);
    return 0;
}

static int check_service(struct inspection *inspection, struct finding_text *found,
                         struct error *error)
{
    struct service_process processes[HOST_MOST_SERVICES];
    const struct host *host = inspection->host;
    size_t length = 0;

    if (service_processes_read(inspection->access, processes, error) < 0 ||
        service_processes_check(host, processes, error) < 0)
        return -1;
    for (size_t i = 0; i < host->service_count; i++)
        length += (size_t)snprintf(found->text + length, sizeof found->text - length, "%s%s",
                                   i > 0 ? ", " : "", host->services[i]);
    return 0;
}

static int check_leftovers(struct inspection *inspection, struct finding_text *found,
                           struct error *error)
{
    struct leftover leftover = {0};
    size_t count = 0;

    if (injection_list_leftovers(inspection->access, &leftover, 1, &count, error) < 0)
        return -1;
    if (count == 0) {
        snprintf(found->text, sizeof found->text, "none");
        return 0;
    }
    error_set(error, ERROR_UNREACHABLE, "%zu left by vnfault; %s of %.100s, %s", count,
              leftover.fault_type, leftover.owner,
              leftover.live ? "its lease still runs" : "its lease is over");
    return error_hint(error, leftover.live ? "another run is at work there; wait for its end"
                                           : "'vnfault heal TESTBED' undoes them");
}

static int check_generator(struct inspection *inspection, struct finding_text *found,
                           struct error *error)
{
    /* Its exit status says nothing, and its version comes after an empty line. */
    static const char *const argv[] = {"sh", "-c", "sipp -v 2>&1 | sed -n 's/^ *SIPp /SIPp /p'",
                                       NULL};

    if (first_line(inspection, argv, found, error) < 0)
        return -1;
    if (string_starts_with(found->text, "SIPp v")) {
        found->text[strcspn(found->text, ",")] = '\0';
        return 0;
    }
    error_set(error, ERROR_UNREACHABLE, "SIPp is not there");
    return error_hint(error, "install sip-tester on the load host");
}

/* --- which host needs what --- */

static bool needs_always(const struct inspection *inspection)
{
    (void)inspection;
    return true;
}

static bool has_service(const struct inspection *inspection)
{
    return inspection->host->service_count > 0;
}

static bool needs_generator(const struct inspection *inspection)
{
    const struct campaign *campaign = inspection->setting->campaign;
    const char *name = inspection->host->name;

    if (campaign == NULL)
        return inspection->host->kind == HOST_LOAD;
    return strcmp(campaign->load.caller, name) == 0 || strcmp(campaign->load.callee, name) == 0;
}

static const struct {
    const char *item;
    bool (*needs)(const struct inspection *inspection);
    int (*run)(struct inspection *inspection, struct finding_text *found, struct error *error);
} kinds[] = {
    {"access", needs_always, check_access}, /* the first: all others go through it */
    {"privilege", needs_always, check_privilege}, {"kernel", needs_always, check_kernel},
    {"clock", needs_always, check_clock},         {"leftovers", needs_always, check_leftovers},
    {"service", has_service, check_service},      {"sipp", needs_generator, check_generator},
};

/* --- faults --- */

/* Probes as the run will: tools, privileges, kernel features, and which mechanism it would be. */
static int probe(struct inspection *inspection, const struct fault *fault,
                 const struct intensity *intensity, struct finding_text *found, struct error *error)
{
    const struct campaign *campaign = inspection->setting->campaign;
    const struct injector *injector = injector_find(inspection->setting->injectors, fault->type);
    const struct injection_setting setting = {
        .access = inspection->access,
        .request =
            {
                .token = "targetcheck",
                .injector = injector,
                .value = intensity->value,
                .most = intensity->value,
                .parameters = fault->parameters,
                .parameter_count = fault->parameter_count,
                .lease = 20 * CLOCK_SECOND,
                .length = campaign->timeline.injection_length,
            },
        .load = &campaign->load,
    };
    const struct injection_means *means;
    struct injection_report report;
    void *injection;
    int result;

    if (injector == NULL)
        return error_set(error, ERROR_INPUT, "there is no injector '%s'", fault->type);
    means = injection_means_of(injector);
    injection = means->open(&setting);
    result = means->probe(injection, &report, error);
    means->close(injection);
    if (result == 0)
        snprintf(found->text, sizeof found->text, "%s",
                 report.mechanism[0] != '\0' ? report.mechanism : "ready");
    return result;
}

/* Whether the fault will be carried out on the host. */
static bool is_place_of(const struct campaign *campaign, const struct fault *fault,
                        const struct host *host)
{
    if (fault->in_load)
        return strcmp(load_fault_find(fault->type)->host(&campaign->load, fault), host->name) == 0;
    for (size_t i = 0; i < campaign->target_count; i++) {
        if (strcmp(campaign->targets[i], host->name) == 0)
            return true;
    }
    return false;
}

static void probe_all(struct inspection *inspection)
{
    const struct campaign *campaign = inspection->setting->campaign;

    for (size_t i = 0; campaign != NULL && i < campaign->fault_count; i++) {
        const struct fault *fault = &campaign->faults[i];
        bool is_there = is_place_of(campaign, fault, inspection->host);

        for (size_t j = 0; is_there && j < fault->intensity_count; j++) {
            struct finding_text found = {0};
            struct error error = {0};
            char item[96];
            int result = probe(inspection, fault, &fault->intensities[j], &found, &error);

            snprintf(item, sizeof item, "%s %s", fault->type, fault->intensities[j].name);
            conclude(inspection, item, result, &found, &error);
        }
    }
}

/* --- all hosts --- */

static void inspect(struct inspection *inspection)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct finding_text found = {0};
        struct error error = {0};
        int result;

        if (!kinds[i].needs(inspection))
            continue;
        result = kinds[i].run(inspection, &found, &error);
        conclude(inspection, kinds[i].item, result, &found, &error);
        if (inspection->access == NULL)
            return;
    }
    probe_all(inspection);
    if (inspection->setting->sessions == NULL)
        access_close(inspection->access);
}

struct queue {
    struct inspection *inspections;
    size_t count;
    atomic_size_t next;
    struct stop *stop;
};

static void *work(void *argument)
{
    struct queue *queue = argument;
    size_t index;

    while (stop_reason(queue->stop) == 0 &&
           (index = atomic_fetch_add(&queue->next, 1)) < queue->count)
        inspect(&queue->inspections[index]);
    return NULL;
}

static void work_side_by_side(struct queue *queue)
{
    pthread_t threads[WORKERS];
    size_t started = 0;

    while (started < WORKERS && started < queue->count &&
           pthread_create(&threads[started], NULL, work, queue) == 0)
        started++;
    /* Without any thread to be had it goes more slowly. */
    if (started == 0)
        work(queue);
    while (started > 0)
        pthread_join(threads[--started], NULL);
}

int target_check(const struct target_check_setting *setting, struct target_checks *checks,
                 struct error *error)
{
    size_t count = setting->testbed->host_count;
    struct queue queue = {
        .inspections = memory_new(count, sizeof *queue.inspections),
        .count = count,
        .stop = setting->stop,
    };
    size_t hosts_failed = 0;

    memset(checks, 0, sizeof *checks);
    for (size_t i = 0; i < count; i++) {
        queue.inspections[i].setting = setting;
        queue.inspections[i].host = &setting->testbed->hosts[i];
        if (setting->sessions != NULL)
            queue.inspections[i].access = setting->sessions->items[i].access;
    }
    work_side_by_side(&queue);
    for (size_t i = 0; i < count; i++) {
        struct target_checks *own = &queue.inspections[i].checks;

        for (size_t j = 0; j < own->count; j++)
            add(checks, &own->items[j]);
        hosts_failed += own->failed > 0;
        target_checks_free(own);
    }
    free(queue.inspections);
    if (checks->failed == 0)
        return 0;
    return error_set(error, ERROR_UNREACHABLE, "%zu of %zu checks failed, on %zu of %zu hosts",
                     checks->failed, checks->count, hosts_failed, count);
}

void target_checks_free(struct target_checks *checks)
{
    free(checks->items);
    memset(checks, 0, sizeof *checks);
}
