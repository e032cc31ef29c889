/* The host that access_probe reaches, as its words describe it. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "runner/host_secrets.h"
#include "tests/integration/access_probe.h"

static struct host_secrets secrets;

struct host probed_host = {
    .name = "probed",
    .access = {.method = "ssh",
               .address = "127.0.0.1",
               .user = "root",
               .key = "",
               .certificate = "",
               .known_hosts = "",
               .network_namespace = "",
               .port = 22,
               .secrets = &secrets,
               .timeout = 10 * CLOCK_SECOND,
               .container = {"kubectl", "", "", "", ""},
               .cluster = {"", ""}},
};

/* Settings after 'jump' are of this one, by which the probed host is reached; those after a second
 * 'jump' of one by which the first is. */
static struct host jumps[2] = {
    {.kind = HOST_JUMP, .name = "gate", .role = "", .reboot = ""},
    {.kind = HOST_JUMP, .name = "outer", .role = "", .reboot = ""},
};
static struct host_access *described = &probed_host.access;

static void begin_jump(void)
{
    struct host *jump = &jumps[described == &jumps[0].access];

    jump->access = *described;
    described->jump = jump;
    described = &jump->access;
}

static void read_secret(const char *descriptor, struct secret *secret)
{
    struct error error = {0};
    struct stop stop;

    if (stop_open(&stop, &error) < 0 || secret_read(atoi(descriptor), &stop, secret, &error) < 0)
        exit(fail_with(&error));
    stop_close(&stop);
}

static void take_port(struct host_access *access, char *value)
{
    access->port = atoi(value);
}

static void take_sudo(struct host_access *access, char *value)
{
    access->sudo = strcmp(value, "yes") == 0;
}

static void take_accept(struct host_access *access, char *value)
{
    access->accept_new_host_keys = strcmp(value, "yes") == 0;
}

static void take_timeout(struct host_access *access, char *value)
{
    access->timeout = atoll(value) * CLOCK_MILLISECOND;
}

static void take_passphrases(struct host_access *access, char *value)
{
    (void)access;
    read_secret(value, &secrets.passphrases);
    secret_split_lines(&secrets.passphrases);
}

static void take_sudo_password(struct host_access *access, char *value)
{
    (void)access;
    read_secret(value, &secrets.sudo_password);
    secret_keep_line(&secrets.sudo_password);
}

/* Either a text of the access or a function that takes it. */
static const struct setting {
    const char *name;
    size_t text;
    void (*take)(struct host_access *access, char *value);
} settings[] = {
    {"address", offsetof(struct host_access, address), NULL},
    {"user", offsetof(struct host_access, user), NULL},
    {"key", offsetof(struct host_access, key), NULL},
    {"certificate", offsetof(struct host_access, certificate), NULL},
    {"known_hosts", offsetof(struct host_access, known_hosts), NULL},
    {"network_namespace", offsetof(struct host_access, network_namespace), NULL},
    {"method", offsetof(struct host_access, method), NULL},
    {"pod_namespace", offsetof(struct host_access, container.pod_namespace), NULL},
    {"label", offsetof(struct host_access, container.label), NULL},
    {"container", offsetof(struct host_access, container.name), NULL},
    {"context", offsetof(struct host_access, cluster.context), NULL},
    {"port", 0, take_port},
    {"sudo", 0, take_sudo},
    {"accept", 0, take_accept},
    {"timeout", 0, take_timeout},
    {"passphrases", 0, take_passphrases},
    {"sudo_password", 0, take_sudo_password},
};

static const struct setting *setting_of(const char *name)
{
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (strcmp(settings[i].name, name) == 0)
            return &settings[i];
    }
    exit(fail("unknown setting"));
}

bool take_setting(char *word)
{
    char *value = strchr(word, '=');
    const struct setting *setting;

    if (strcmp(word, "jump") == 0) {
        begin_jump();
        return true;
    }
    if (value == NULL)
        return false;
    *value++ = '\0';
    setting = setting_of(word);
    if (setting->take != NULL)
        setting->take(described, value);
    else
        memcpy((char *)described + setting->text, &value, sizeof value);
    return true;
}
