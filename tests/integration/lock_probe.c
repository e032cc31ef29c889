/*
 * Drives runner/sessions.h and runner/lock_keeper.h for the tests with tests/hosts.sh.
 * usage: lock_probe KNOWN_HOSTS KEY NETWORK_NAMESPACE PORT ...
 * Locks the hosts at 127.0.0.1, keeps their locks, says 'locked' and then takes lines:
 *   renew      all locks now; prints 'renewed', or the error
 *   reconnect  to the first host, while others connect to it as well; prints 'connected', or the
 * error Ends with its input, unlocks and says 'unlocked'.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "runner/lock_keeper.h"
#include "runner/sessions.h"

enum { MOST_HOSTS = 8, CLOSED_PORT = 2299, RECONNECTIONS = 10 };

static struct testbed testbed;
static struct sessions sessions;

static int fail(const struct error *error)
{
    error_print(error, stderr);
    return error_exit_status(error);
}

static void add_host(char **words, const char *port)
{
    struct host *host = &testbed.hosts[testbed.host_count++];

    *host = (struct host){
        .name = memory_string(port),
        .role = "",
        .reboot = "",
        .access =
            {
                .method = "ssh",
                .address = "127.0.0.1",
                .user = "root",
                .known_hosts = words[0],
                .key = words[1],
                .certificate = "",
                .network_namespace = words[2],
                .port = atoi(port),
                .timeout = 10 * CLOCK_SECOND,
                .container = {"kubectl", "", "", "", ""},
                .cluster = {"", ""},
            },
    };
}

static void renew(void)
{
    struct error error = {0};

    if (sessions_renew_locks(&sessions, &error) < 0)
        printf("%s: %s\n", error.target, error.what);
    else
        puts("renewed");
}

/* What another thread does that finds the connection lost, once the host can be reached. */
static void *restore(void *argument)
{
    struct session *session = argument;
    struct error ignored = {0};

    clock_sleep(20 * CLOCK_MILLISECOND);
    testbed.hosts[0].access.port = atoi(testbed.hosts[0].name);
    while (access_restore(session->access, &ignored) < 0)
        clock_sleep(CLOCK_MILLISECOND);
    return NULL;
}

/* The host is away as the first thread looks. */
static int reconnect_once(struct error *error)
{
    struct session *session = &sessions.items[0];
    struct error away = {0};
    pthread_t other;
    int result;

    testbed.hosts[0].access.port = CLOSED_PORT;
    access_reopen(session->access, &away);
    pthread_create(&other, NULL, restore, session);
    result = session_reconnect(session, clock_now() + 600 * CLOCK_SECOND, error);
    pthread_join(other, NULL);
    return result;
}

/* Either thread may be the first. */
static void reconnect(void)
{
    struct error error = {0};
    int result = 0;

    for (int i = 0; i < RECONNECTIONS && result == 0; i++)
        result = reconnect_once(&error);
    puts(result == 0 ? "connected" : error.what);
}

static void take_lines(void)
{
    char line[64];

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (strcmp(line, "renew\n") == 0)
            renew();
        else
            reconnect();
        fflush(stdout);
    }
}

int main(int argc, char **argv)
{
    struct lock_keeper keeper;
    struct error error = {0};

    testbed.hosts = memory_new(MOST_HOSTS, sizeof *testbed.hosts);
    for (int i = 4; i < argc && testbed.host_count < MOST_HOSTS; i++)
        add_host(argv + 1, argv[i]);
    if (sessions_open(&testbed, "lock_probe", &sessions, &error) < 0 ||
        sessions_lock(&sessions, false, &error) < 0 ||
        lock_keeper_start(&keeper, &sessions, &error) < 0)
        return fail(&error);
    puts("locked");
    fflush(stdout);
    take_lines();
    lock_keeper_stop(&keeper);
    if (sessions_unlock(&sessions, &error) < 0)
        return fail(&error);
    puts("unlocked");
    sessions_close(&sessions);
    for (size_t i = 0; i < testbed.host_count; i++)
        free(testbed.hosts[i].name);
    free(testbed.hosts);
    return 0;
}
