/* What every campaign needs of a host: each check finds something, or says in the error what is
 * missing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/words.h"
#include "runner/injection.h"
#include "runner/lock_owner.h"
#include "runner/service_watch.h"
#include "runner/target_inspection.h"
#include "runner/target_lock.h"

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

static int check_lock(struct inspection *inspection, struct finding_text *found,
                      struct error *error)
{
    struct text holder = {0};
    int result = target_lock_holder(inspection->access, &holder, error);

    inspection->locked = holder.length > 0;
    if (result == 0 && !inspection->locked) {
        snprintf(found->text, sizeof found->text, "free");
    } else if (result == 0) {
        result = error_set(error, ERROR_UNREACHABLE, "in use by %s; its faults are not looked at",
                           text_string(&holder));
        error_hint(error, lock_owner_is_dead(text_string(&holder))
                              ? "that process is gone; 'vnfault heal TESTBED' undoes what it left"
                              : "wait for that run to end");
    }
    text_free(&holder);
    return result;
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
    /* Nobody has signed what is found by its name alone, and it has no lease. */
    if (leftover.owner[0] == '\0')
        error_set(error, ERROR_UNREACHABLE, "%zu left by vnfault; %s, %s", count,
                  leftover.fault_type, leftover.live ? "which still runs" : "which nobody keeps");
    else
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

/* Not where only metrics are read. */
static bool is_of_service(const struct inspection *inspection)
{
    return inspection->host->kind != HOST_MONITORING;
}

/* A run has locked its hosts itself. */
static bool may_be_locked(const struct inspection *inspection)
{
    return inspection->setting->sessions == NULL && is_of_service(inspection);
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
    return words_have(campaign->load.callers, name) || words_have(campaign->load.callees, name);
}

static const struct {
    const char *item;
    bool (*needs)(const struct inspection *inspection);
    int (*run)(struct inspection *inspection, struct finding_text *found, struct error *error);
} kinds[] = {
    {"access", needs_always, check_access}, /* the first: all others go through it */
    {"privilege", is_of_service, check_privilege}, {"kernel", is_of_service, check_kernel},
    {"clock", is_of_service, check_clock},         {"lock", may_be_locked, check_lock},
    {"leftovers", is_of_service, check_leftovers}, {"service", has_service, check_service},
    {"sipp", needs_generator, check_generator},
};

void inspection_check_host(struct inspection *inspection)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct finding_text found = {0};
        struct error error = {0};
        int result;

        if (!kinds[i].needs(inspection))
            continue;
        result = kinds[i].run(inspection, &found, &error);
        inspection_conclude(inspection, kinds[i].item, result, &found, &error);
        if (inspection->access == NULL)
            return;
    }
}
