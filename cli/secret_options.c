#include "cli/secret_options.h"

#include "cli/interrupt.h"

static int read_passphrases(int64_t descriptor, struct secret *secret, struct error *error)
{
    if (descriptor < 0)
        return 0;
    if (secret_read((int)descriptor, interrupt_stop(), secret, error) < 0)
        return error_where(error, "--passphrase-fd");
    secret_split_lines(secret);
    return 0;
}

static int read_password(int64_t descriptor, struct secret *secret, struct error *error)
{
    if (descriptor < 0)
        return 0;
    if (secret_read((int)descriptor, interrupt_stop(), secret, error) < 0)
        return error_where(error, "--sudo-password-fd");
    secret_keep_line(secret);
    return 0;
}

int secret_options_read(const struct secret_options *options, struct host_secrets *secrets,
                        struct error *error)
{
    *secrets = (struct host_secrets){0};
    if (options->passphrases >= 0 && options->passphrases == options->sudo_password)
        return error_set(error, ERROR_INPUT,
                         "--passphrase-fd and --sudo-password-fd each take a descriptor of their "
                         "own");
    if (read_passphrases(options->passphrases, &secrets->passphrases, error) < 0)
        return -1;
    return read_password(options->sudo_password, &secrets->sudo_password, error);
}

void secret_options_wipe(struct host_secrets *secrets)
{
    secret_wipe(&secrets->passphrases);
    secret_wipe(&secrets->sudo_password);
}

void secret_options_give(const struct host_secrets *secrets, struct testbed *testbed)
{
    for (size_t i = 0; testbed_any_host(testbed, i) != NULL; i++)
        testbed_any_host(testbed, i)->access.secrets = secrets;
}
