/* SSH keys of the lab, made anew for each lab. */
#ifndef LAB_KEYS_H
#define LAB_KEYS_H

#include "base/error.h"
#include "lab/lab.h"

/* Makes the client's key (STATE/key), each host's key (STATE/HOST/host_key) and
 * STATE/known_hosts. The hosts' folders must be there. */
int keys_make(const struct lab *lab, struct error *error);

#endif
