#include "runner/access_sudo.h"

#include <string.h>

#include "base/memory.h"
#include "runner/host_secrets.h"

#define QUESTION "vnfault asks by sudo: "
/* What the command says first. It isn't part of the command, which sudo quotes if it refuses it. */
#define THROUGH "vnfault is through sudo\n"
#define SAY_THROUGH "printf 'vnfault is %s sudo\\n' through >&2; exec \"$@\""

static bool has_password(const struct host_access *access)
{
    return access->secrets != NULL && access->secrets->sudo_password.bytes != NULL;
}

bool access_sudo_talks(const struct host *host)
{
    return host->access.sudo && has_password(&host->access);
}

const char **access_sudo_vector(const struct host *host, const char *const argv[])
{
    static const char *const plain[] = {"sudo", "-n", "--"};
    static const char *const asking[] = {"sudo", "-S", "-p",        QUESTION, "--",
                                         "sh",   "-c", SAY_THROUGH, "sh"};
    bool talks = access_sudo_talks(host);
    const char *const *words = talks ? asking : plain;
    size_t before = talks ? sizeof asking / sizeof asking[0] : sizeof plain / sizeof plain[0];
    size_t count = 0;
    const char **vector;

    if (!host->access.sudo)
        before = 0;
    while (argv[count] != NULL)
        count++;
    vector = memory_new(before + count + 1, sizeof *vector);
    memcpy(vector, words, before * sizeof *vector);
    memcpy(vector + before, argv, count * sizeof *vector);
    return vector;
}

static void remove_bytes(struct text *text, size_t start, size_t length)
{
    memmove(text->bytes + start, text->bytes + start + length, text->length - start - length + 1);
    text->length -= length;
}

enum sudo_state access_sudo_look(struct text *errors, size_t answered)
{
    const char *through = strstr(text_string(errors), THROUGH);
    const char *at = text_string(errors);
    size_t asked = 0;

    if (through != NULL) {
        remove_bytes(errors, 0, (size_t)(through - errors->bytes) + strlen(THROUGH));
        return SUDO_THROUGH;
    }
    while ((at = strstr(at, QUESTION)) != NULL) {
        at += strlen(QUESTION);
        asked++;
    }
    return asked > answered ? SUDO_ASKS : SUDO_SILENT;
}

void access_sudo_clean(struct text *errors)
{
    const char *at;

    while ((at = strstr(text_string(errors), QUESTION)) != NULL)
        remove_bytes(errors, (size_t)(at - errors->bytes), strlen(QUESTION));
}

int access_sudo_wrong(const struct host *host, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE, "sudo refused the password of user '%s'",
              host->access.user);
    error_target(error, host->name);
    return error_hint(error, "it is the first line of --sudo-password-fd, the same for all hosts");
}

int access_sudo_refused(const struct host *host, int exit_status, const struct text *quoted,
                        struct error *error)
{
    error_set(error, ERROR_UNREACHABLE, "sudo refused user '%s' (status %d): %s", host->access.user,
              exit_status, text_string(quoted));
    error_target(error, host->name);
    if (exit_status == 127)
        return error_hint(error, "install sudo on the host, or log in as root");
    if (has_password(&host->access))
        return error_hint(error, "give the user ALL in the host's sudoers");
    return error_hint(error, "give the user NOPASSWD for ALL in the host's sudoers, or the "
                             "password by --sudo-password-fd");
}
