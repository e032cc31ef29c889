#include "runner/testbed_ssh.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

#define STANDARD_TIMEOUT (10 * CLOCK_SECOND)
#define LONGEST_TIMEOUT (600 * CLOCK_SECOND)
enum { STANDARD_PORT = 22, MOST_PORT = 65535 };

/* In place of a jump host's name: there is none. */
#define DIRECTLY "none"

struct host_access testbed_standard_access(char *address)
{
    return (struct host_access){.method = memory_string("ssh"),
                                .address = address,
                                .user = memory_string("root"),
                                .key = memory_string(""),
                                .certificate = memory_string(""),
                                .known_hosts = memory_string(""),
                                .network_namespace = memory_string(""),
                                .port = STANDARD_PORT,
                                .timeout = STANDARD_TIMEOUT,
                                .cluster = {memory_string(""), memory_string("")}};
}

static const struct host *find_jump_host(const struct testbed *testbed, const char *name)
{
    for (size_t i = 0; i < testbed->jump_host_count; i++) {
        if (strcmp(testbed->jump_hosts[i].name, name) == 0)
            return &testbed->jump_hosts[i];
    }
    return NULL;
}

static void unknown_jump_host(const struct testbed *testbed, struct element ssh, const char *name)
{
    const char **names = memory_new(testbed->jump_host_count + 1, sizeof *names);

    for (size_t i = 0; i < testbed->jump_host_count; i++)
        names[i] = testbed->jump_hosts[i].name;
    element_unknown(ssh, "jump", "jump host", name, names, testbed->jump_host_count);
    free(names);
}

char *testbed_read_path(struct element element, const char *attribute)
{
    char *written = element_text(element, attribute, "");
    const char *home = getenv("HOME");
    char *path;

    if (written[0] == '\0')
        return written;
    if (string_starts_with(written, "~/") && home != NULL)
        path = memory_format("%s/%s", home, written + 2);
    else
        path = path_beside(xml_file(element.node), written);
    free(written);
    return path;
}

/* Replaces `*field` by the attribute if that is there. */
static void override(char **field, struct element element, const char *attribute)
{
    char *value = element_attribute(element, attribute);

    if (value == NULL)
        return;
    free(*field);
    *field = value;
}

static void override_path(char **field, struct element element, const char *attribute)
{
    char *value = testbed_read_path(element, attribute);

    if (value[0] == '\0') {
        free(value);
        return;
    }
    free(*field);
    *field = value;
}

static void read_timeout(struct host_access *access, struct element ssh)
{
    int64_t timeout = access->timeout;

    element_duration(ssh, "timeout", &timeout);
    if (timeout < CLOCK_SECOND || timeout > LONGEST_TIMEOUT)
        element_finding(ssh, "timeout", "it is from 1s to 10min", "the timeout is out of range");
    else
        access->timeout = timeout;
}

/* A certificate goes with its key: it isn't taken over without that. */
static void read_key(struct host_access *access, struct element ssh)
{
    char *key = testbed_read_path(ssh, "key");

    if (key[0] != '\0') {
        free(access->key);
        access->key = key;
        free(access->certificate);
        access->certificate = memory_string("");
    } else {
        free(key);
    }
    override_path(&access->certificate, ssh, "certificate");
}

/* Which jump host the host is reached by. */
static void read_jump(const struct testbed *testbed, struct host_access *access, struct element ssh)
{
    char *name = element_attribute(ssh, "jump");
    const struct host *found = NULL;

    if (name != NULL && strcmp(name, DIRECTLY) != 0) {
        found = find_jump_host(testbed, name);
        if (found == NULL)
            unknown_jump_host(testbed, ssh, name);
    }
    if (name != NULL)
        access->jump = found;
    free(name);
}

void testbed_read_ssh(const struct testbed *testbed, struct host_access *access, struct element ssh)
{
    uint64_t port = (uint64_t)access->port;
    char *sudo = element_text(ssh, "sudo", access->sudo ? "true" : "false");

    override(&access->user, ssh, "user");
    read_key(access, ssh);
    override_path(&access->known_hosts, ssh, "known-hosts");
    override(&access->network_namespace, ssh, "network-namespace");
    element_number(ssh, "port", &port);
    if (port == 0 || port > MOST_PORT)
        element_finding(ssh, "port", "it is from 1 to 65535", "the port is out of range");
    else
        access->port = (int)port;
    access->sudo = strcmp(sudo, "true") == 0;
    free(sudo);
    read_timeout(access, ssh);
    read_jump(testbed, access, ssh);
}

struct element testbed_only_ssh(struct element parent)
{
    struct element ssh = element_child(parent, "ssh");

    if (ssh.node != NULL) {
        for (struct element more = element_next(ssh); more.node != NULL; more = element_next(more))
            element_finding(more, NULL, "", "<ssh> is there already, on line %d",
                            xml_line(ssh.node, NULL));
    }
    return ssh;
}

/* --- jump hosts --- */

static void read_name(struct testbed *testbed, struct element element)
{
    struct host *host = &testbed->jump_hosts[testbed->jump_host_count];
    const struct host *other;

    host->kind = HOST_JUMP;
    host->name = element_text(element, "name", "");
    host->role = memory_string("");
    host->reboot = memory_string("");
    host->line = xml_line(element.node, NULL);
    other = find_jump_host(testbed, host->name);
    if (other != NULL && host->name[0] != '\0')
        element_finding(element, "name", "every jump host has a name of its own",
                        "the name \"%s\" is taken by the jump host on line %d", host->name,
                        other->line);
    if (strcmp(host->name, DIRECTLY) == 0)
        element_finding(element, "name", "give it another one",
                        "the name \"" DIRECTLY "\" stands for no jump host");
    testbed->jump_host_count++;
}

/* True if the jump hosts that the host is reached by never end. */
static bool leads_in_a_circle(const struct testbed *testbed, const struct host *host)
{
    size_t steps = 0;

    while (host != NULL && steps <= testbed->jump_host_count) {
        host = host->access.jump;
        steps++;
    }
    return host != NULL;
}

void testbed_read_jump_hosts(struct testbed *testbed, struct element root, struct element standard)
{
    struct element first = element_child(root, "jump-host");
    struct element element;
    size_t count = 0;

    for (element = first; element.node != NULL; element = element_next(element))
        count++;
    testbed->jump_hosts = memory_new(count + 1, sizeof *testbed->jump_hosts);
    /* Their names first: one may be reached by one that comes after it. */
    for (element = first; element.node != NULL; element = element_next(element))
        read_name(testbed, element);
    element = first;
    for (size_t i = 0; i < count; i++, element = element_next(element)) {
        struct host_access *access = &testbed->jump_hosts[i].access;

        *access = testbed_standard_access(element_text(element, "address", ""));
        testbed_read_ssh(testbed, access, standard);
        access->jump = NULL; /* what holds for all hosts would lead back to it */
        testbed_read_ssh(testbed, access, testbed_only_ssh(element));
    }
    element = first;
    for (size_t i = 0; i < count; i++, element = element_next(element)) {
        if (leads_in_a_circle(testbed, &testbed->jump_hosts[i]))
            element_finding(element, NULL, "one of them must be reached without another",
                            "the jump hosts by which it is reached go in a circle");
    }
}
