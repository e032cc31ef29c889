#include "runner/access_ssh.h"

#include <string.h>

#include "base/log.h"

/* What an error says of the host and its key. */
struct shown {
    const struct host_access *access;
    const struct known_host *known;
    const struct known_line *line; /* that decided; may be NULL */
    const char *type;
    const char *fingerprint;
};

static int changed_error(const struct shown *shown, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE,
              "the host key of %s port %d has changed: it is now %s %s, and %s:%d holds another",
              shown->access->address, shown->access->port, shown->type, shown->fingerprint,
              shown->line->file, shown->line->number);
    return error_hint(error,
                      "someone may be in between; only if the host was really made anew, take its "
                      "old keys out with ssh-keygen -f %s -R '%s' and add the new one",
                      shown->line->file, shown->known->name);
}

static int banned_error(const struct shown *shown, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE,
              "the host key of %s port %d, %s %s, is marked as revoked at %s:%d",
              shown->access->address, shown->access->port, shown->type, shown->fingerprint,
              shown->line->file, shown->line->number);
    return error_hint(error, "whoever has that key can pose as the host: give the host a new one");
}

static int unreadable_error(const struct shown *shown, struct error *error)
{
    error_set(error, ERROR_UNREACHABLE,
              "can't check the host key of %s port %d: the key at %s:%d can't be read",
              shown->access->address, shown->access->port, shown->line->file, shown->line->number);
    return error_hint(error, "mend or remove that line; it takes ed25519, ecdsa and rsa keys");
}

static int new_error(const struct shown *shown, struct error *error)
{
    if (shown->known->missing && shown->known->count == 0)
        error_set(error, ERROR_UNREACHABLE,
                  "no file with known host keys: %s is missing, so the key of %s port %d (%s %s) "
                  "can't be checked",
                  shown->known->own_file, shown->access->address, shown->access->port, shown->type,
                  shown->fingerprint);
    else
        error_set(error, ERROR_UNREACHABLE,
                  "the host key of %s port %d is unknown: %s %s is not in %s",
                  shown->access->address, shown->access->port, shown->type, shown->fingerprint,
                  shown->known->own_file);
    if (shown->line != NULL)
        return error_hint(error,
                          "certificates of hosts, as %s:%d asks for, are not supported by the SSH "
                          "library; to add the key itself: vnfault check --targets "
                          "--accept-new-host-keys TESTBED",
                          shown->line->file, shown->line->number);
    return error_hint(error,
                      "compare the fingerprint on the host itself (ssh-keygen -lf), then add "
                      "the key: vnfault check --targets --accept-new-host-keys TESTBED");
}

static int (*const errors[])(const struct shown *shown, struct error *error) = {
    [KNOWN_CHANGED] = changed_error,
    [KNOWN_BANNED] = banned_error,
    [KNOWN_UNREADABLE] = unreadable_error,
    [KNOWN_NEW] = new_error,
};

/* Adds a key that nothing is known against; 0 if the host is known by it from now on. */
static int add_key(struct shown *shown, struct known_host *known, ssh_key key, struct text *news,
                   struct error *error)
{
    int verdict = known_host_add(shown->access, key, known, &shown->line, error);

    if (verdict < 0 || verdict == KNOWN_SAME)
        return verdict;
    if (verdict != KNOWN_NEW)
        return errors[verdict](shown, error);
    log_warning("new host key of %s: %s %s, added to %s", known->name, shown->type,
                shown->fingerprint, known->own_file);
    text_appendf(news, "; new host key of %s, %s %s, added to %s", known->name, shown->type,
                 shown->fingerprint, known->own_file);
    return 0;
}

static int judge(const struct host_access *access, struct known_host *known, ssh_key key,
                 const char *fingerprint, struct text *news, struct error *error)
{
    struct shown shown = {.access = access,
                          .known = known,
                          .type = ssh_key_type_to_char(ssh_key_type(key)),
                          .fingerprint = fingerprint};
    enum known_verdict verdict = known_host_judge(known, key, &shown.line);

    if (verdict == KNOWN_SAME)
        return 0;
    if (verdict == KNOWN_NEW && access->accept_new_host_keys)
        return add_key(&shown, known, key, news, error);
    return errors[verdict](&shown, error);
}

int ssh_host_key_prove(const struct host_access *access, struct known_host *known,
                       ssh_session session, struct text *news, struct error *error)
{
    ssh_key key = NULL;
    unsigned char *hash = NULL;
    char *fingerprint = NULL;
    size_t length = 0;
    int result = -1;

    if (ssh_get_server_publickey(session, &key) == SSH_OK &&
        ssh_get_publickey_hash(key, SSH_PUBLICKEY_HASH_SHA256, &hash, &length) == 0)
        fingerprint = ssh_get_fingerprint_hash(SSH_PUBLICKEY_HASH_SHA256, hash, length);
    if (fingerprint != NULL)
        result = judge(access, known, key, fingerprint, news, error);
    else
        error_set(error, ERROR_UNREACHABLE, "can't read the host key of %s port %d",
                  access->address, access->port);
    ssh_string_free_char(fingerprint);
    ssh_clean_pubkey_hash(&hash);
    ssh_key_free(key);
    return result;
}
