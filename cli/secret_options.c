#include "cli/secret_options.h"

#include "cli/interrupt.h"

int secret_options_read(const struct secret_options *options, struct host_secrets *secrets,
                        struct error *error)
{
    *secrets = (struct host_secrets){0};
    if (options->passphrases < 0)
        return 0;
    if (secret_read((int)options->passphrases, interrupt_stop(), &secrets->passphrases, error) < 0)
        return error_where(error, "--passphrase-fd");
    secret_split_lines(&secrets->passphrases);
    return 0;
}

void secret_options_wipe(struct host_secrets *secrets)
{
    secret_wipe(&secrets->passphrases);
}

void secret_options_give(const struct host_secrets *secrets, struct testbed *testbed)
{
    for (size_t i = 0; i < testbed->host_count; i++)
        testbed->hosts[i].access.secrets = secrets;
    for (size_t i = 0; i < testbed->jump_host_count; i++)
        testbed->jump_hosts[i].access.secrets = secrets;
}
