#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "runner/load_sipp.h"

/* Open calls at which SIPp holds back new ones: out of reach, so that the rate stays the offered
 * one when calls hang. A call of the papers' scenario ends within 70 s, beside what it is held. */
enum { LONGEST_CALL = 120, LEAST_LIMIT = 1000 };

static void add(struct sipp_command *command, size_t *count, const char *option, const char *value)
{
    command->arguments[(*count)++] = option;
    if (value != NULL)
        command->arguments[(*count)++] = value;
}

/* What tells this start's calls and transactions from those of others, in as many characters each
 * time: the process number, which SIPp takes, has more digits by and by, and so would every
 * message. */
static void name_start(struct sipp_command *command)
{
    snprintf(command->start, sizeof command->start, "%08" PRIx32,
             (uint32_t)(clock_now() / CLOCK_MILLISECOND));
    snprintf(command->call_id, sizeof command->call_id, "%%u-%s@%%s", command->start);
}

static void add_common(struct sipp_command *command, size_t *count, const struct load_plan *plan,
                       const struct sipp_host *host)
{
    add(command, count, "-i", host->address);
    add(command, count, "-mi", host->address);
    add(command, count, "-p", host->port);
    add(command, count, "-bind_local", NULL);
    add(command, count, "-t", strcmp(plan->transport, "tcp") == 0 ? "t1" : "u1");
    add(command, count, "-key", "domain");
    add(command, count, plan->domain, NULL);
    add(command, count, "-key", "start");
    add(command, count, command->start, NULL);
    add(command, count, "-cid_str", command->call_id);
    add(command, count, "-ci", "127.0.0.1"); /* its control port is open to anyone who reaches it */
    add(command, count, "-cp", host->control);
    add(command, count, "-nostdin", NULL);
    add(command, count, "-skip_rlimit", NULL);
    add(command, count, "-watchdog_interval", "0"); /* else it ends by itself on a busy machine */
    add(command, count, "-f", "3600"); /* seconds between drawings of a screen nobody sees */
    add(command, count, "-trace_stat", NULL);
    add(command, count, "-trace_err", NULL);
}

double sipp_call_limit(double rate, int64_t call_duration)
{
    double limit = rate * (LONGEST_CALL + (double)call_duration / (double)CLOCK_SECOND);

    return limit < LEAST_LIMIT ? LEAST_LIMIT : limit;
}

static void add_calls(struct sipp_command *command, size_t *count, double rate, int64_t calls)
{
    snprintf(command->rate, sizeof command->rate, "%.10g", rate);
    snprintf(command->limit, sizeof command->limit, "%.0f", sipp_call_limit(rate, 0));
    snprintf(command->count, sizeof command->count, "%" PRId64, calls);
    add(command, count, "-r", command->rate);
    add(command, count, "-l", command->limit);
    if (calls > 0)
        add(command, count, "-m", command->count);
}

void sipp_command_build(struct sipp_command *command, enum sipp_purpose purpose,
                        const struct load_plan *plan, const struct sipp_host *host, double rate,
                        int64_t calls)
{
    size_t count = 0;

    memset(command, 0, sizeof *command);
    name_start(command);
    add(command, &count, "sipp", NULL);
    switch (purpose) {
    case SIPP_REGISTER:
        add(command, &count, plan->service, NULL);
        add(command, &count, "-sf", "register.xml");
        add(command, &count, "-stf", "register.csv");
        add(command, &count, "-error_file", "register.pipe");
        add(command, &count, "-inf", "callees.csv");
        break;
    case SIPP_CALLEE:
        add(command, &count, "-sf", "callee.xml");
        add(command, &count, "-stf", "callee.csv");
        add(command, &count, "-error_file", "callee.pipe");
        add(command, &count, "-fd", "60");
        break;
    case SIPP_CALLER:
        add(command, &count, plan->service, NULL);
        add(command, &count, "-sf", "caller.xml");
        add(command, &count, "-stf", "caller.csv");
        add(command, &count, "-error_file", "caller.pipe");
        add(command, &count, "-inf", "callers.csv");
        break;
    }
    add_common(command, &count, plan, host);
    if (purpose == SIPP_CALLEE)
        return;
    add(command, &count, "-fd", "1");
    add(command, &count, "-auth_uri", plan->domain);
    add_calls(command, &count, rate, calls);
}

void sipp_command_hold(struct sipp_command *command, int64_t call_duration, double limit)
{
    size_t count = 0;

    snprintf(command->limit, sizeof command->limit, "%.0f", limit);
    while (command->arguments[count] != NULL)
        count++;
    snprintf(command->duration, sizeof command->duration, "%" PRId64,
             call_duration / CLOCK_MILLISECOND);
    add(command, &count, "-d", command->duration);
}

const char *const *sipp_scenario_files(const struct sipp_host *host)
{
    static const char *const caller[] = {"caller.xml", NULL};
    static const char *const callee[] = {"callee.xml", "register.xml", NULL};

    return strcmp(host->side, "caller") == 0 ? caller : callee;
}
