#include "lab/keys.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

static int make_key(const char *path, const char *comment, struct error *error)
{
    const char *argv[] = {"ssh-keygen", "-q",    "-t", "ed25519", "-N", "",
                          "-C",         comment, "-f", path,      NULL};

    return process_check(argv, 20 * CLOCK_SECOND, error);
}

/* Appends 'bono,198.18.1.11,198.18.0.11 ssh-ed25519 AAAA...' */
static int append_known(const struct lab *lab, const struct lab_host *host, struct text *known,
                        struct error *error)
{
    struct text key = {0};
    char path[160];
    int result;

    snprintf(path, sizeof path, "%s/%s/host_key.pub", lab->state, host->name);
    result = file_read(path, 4096, &key, error);
    text_trim(&key);
    text_appendf(known, "%s,%s,%s %s\n", host->name, host->management_address, host->address,
                 text_string(&key));
    text_free(&key);
    return result;
}

int keys_make(const struct lab *lab, struct error *error)
{
    struct text known = {0};
    char path[160];
    int result;

    snprintf(path, sizeof path, "%s/key", lab->state);
    result = make_key(path, "vnfault-lab", error);
    for (size_t i = 0; result == 0 && i < LAB_HOST_COUNT; i++) {
        snprintf(path, sizeof path, "%s/%s/host_key", lab->state, lab_hosts[i].name);
        result = make_key(path, lab_hosts[i].name, error);
        if (result == 0)
            result = append_known(lab, &lab_hosts[i], &known, error);
    }
    snprintf(path, sizeof path, "%s/known_hosts", lab->state);
    if (result == 0)
        result = file_write(path, text_string(&known), known.length, error);
    text_free(&known);
    return result;
}
