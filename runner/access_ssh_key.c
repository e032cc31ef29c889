/* The runner's own key: private key and certificate from files. */
#include "runner/access_ssh.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "runner/host_secrets.h"

/* Private keys are small; anything larger is not one. */
#define LARGEST_KEY ((size_t)1024 * 1024)

/* Called by libssh for a key with a passphrase that it was not given. The fact is only noted. */
static int note_passphrase(const char *prompt, char *buffer, size_t length, int echo, int verify,
                           void *context)
{
    bool *asked = context;

    (void)prompt;
    (void)buffer;
    (void)length;
    (void)echo;
    (void)verify;
    *asked = true;
    return -1;
}

static int read_key_file(const char *path, struct text *text, struct error *error)
{
    struct stat status;

    if (stat(path, &status) < 0) {
        error_system(error, ERROR_UNREACHABLE, "can't find the private key %s", path);
        return error_hint(error, "name the key's file in the testbed, or make one with ssh-keygen");
    }
    if (!S_ISREG(status.st_mode))
        return error_set(error, ERROR_UNREACHABLE, "the private key %s is not a file", path);
    if (file_read(path, LARGEST_KEY, text, error) < 0) {
        error->kind = ERROR_UNREACHABLE;
        return error_hint(error, "the private key must be a file that this user may read");
    }
    return 0;
}

/* Opens a locked key with the first passphrase that fits. */
static bool unlock(const struct host_access *access, const struct text *text, ssh_key *key)
{
    const char *passphrase = NULL;
    bool asked;

    while (access->secrets != NULL &&
           (passphrase = secret_line(&access->secrets->passphrases, passphrase)) != NULL) {
        if (ssh_pki_import_privkey_base64(text->bytes, passphrase, note_passphrase, &asked, key) ==
            SSH_OK)
            return true;
    }
    return false;
}

/* Sets `key` or `locked` (and no error). */
static int load_private(const struct host_access *access, struct ssh_own_key *own,
                        struct error *error)
{
    struct text text = {0};
    int result = SSH_ERROR;

    if (read_key_file(access->key, &text, error) < 0) {
        text_free(&text);
        return -1;
    }
    if (text.length > 0)
        result = ssh_pki_import_privkey_base64(text.bytes, NULL, note_passphrase, &own->locked,
                                               &own->key);
    if (own->locked && unlock(access, &text, &own->key))
        own->locked = false;
    if (text.bytes != NULL)
        explicit_bzero(text.bytes, text.capacity);
    text_free(&text);
    if (result == SSH_OK || own->locked || own->key != NULL)
        return 0;
    error_set(error, ERROR_UNREACHABLE, "%s is not a private key that can be read", access->key);
    return error_hint(error, "it takes the private part of an ed25519, ecdsa or rsa key, in the "
                             "form ssh-keygen writes it");
}

static int locked_error(const struct host_access *access, struct error *error)
{
    bool given =
        access->secrets != NULL && secret_line(&access->secrets->passphrases, NULL) != NULL;

    error_set(error, ERROR_UNREACHABLE, "the private key %s has a passphrase%s", access->key,
              given ? ", and none that was given opens it" : "");
    return error_hint(error, "nobody is asked for one: load the key into an SSH agent (ssh-agent, "
                             "ssh-add), or give the passphrase by --passphrase-fd");
}

/* --- certificates --- */

/* The key with its certificate; NULL and an error if the file holds none. Whether it is one of this
 * key only the host tells. */
static ssh_key certify(ssh_key key, const char *path, struct error *error)
{
    ssh_key certificate = NULL;
    ssh_key certified = ssh_key_dup(key);

    if (ssh_pki_import_cert_file(path, &certificate) != SSH_OK || certified == NULL ||
        ssh_pki_copy_cert_to_privkey(certificate, certified) != SSH_OK) {
        ssh_key_free(certified);
        certified = NULL;
        error_set(error, ERROR_UNREACHABLE, "%s is not a certificate that can be read", path);
        error_hint(error, "it takes what ssh-keygen -s writes for a user's key");
    }
    ssh_key_free(certificate);
    return certified;
}

/* The certificate that the testbed names, or, as with OpenSSH, one beside the key. */
static int add_certificate(const struct host_access *access, struct ssh_own_key *own,
                           struct error *error)
{
    bool named = access->certificate[0] != '\0';

    own->certificate =
        named ? memory_string(access->certificate) : memory_format("%s-cert.pub", access->key);
    if (!named && !file_exists(own->certificate))
        return 0;
    own->certified = certify(own->key, own->certificate, error);
    if (own->certified != NULL)
        return 0;
    if (named)
        return -1;
    log_warning("%s; it is not used", error->what);
    error_clear(error);
    return 0;
}

int ssh_own_key_load(const struct host_access *access, struct ssh_own_key *own, struct error *error)
{
    *own = (struct ssh_own_key){0};
    if (load_private(access, own, error) < 0)
        return -1;
    if (!own->locked)
        return add_certificate(access, own, error);
    return getenv("SSH_AUTH_SOCK") != NULL ? 0 : locked_error(access, error);
}

void ssh_own_key_free(struct ssh_own_key *own)
{
    ssh_key_free(own->key);
    ssh_key_free(own->certified);
    free(own->certificate);
}
