/*
 * What the first process of a host does before it starts services: goes into the host's cgroup
 * and namespaces, and lays out its file systems.
 */
#ifndef LAB_BOOT_H
#define LAB_BOOT_H

#include "base/error.h"
#include "base/text.h"
#include "lab/cgroup.h"
#include "lab/lab.h"

/* Files of this machine that go into the host. They are read beforehand, as the host may not see
 * the folders they are in. */
struct boot_files {
    struct text service;        /* Kamailio's configuration */
    struct text sshd;           /* sshd_config */
    struct text host_key;       /* private key of its sshd */
    struct text authorized_key; /* public key of the lab's client */
};

/* Reads them; the texts are the caller's to free. */
int boot_files_read(struct boot_files *files, const struct lab *lab, const struct lab_host *host,
                    struct error *error);

/* For a process alone in new PID, mount, UTS and IPC namespaces. At the end it is in the host's
 * network namespace and cgroup, /run and /tmp are empty, everything else but /srv, /root and
 * /var/tmp is read-only, and the files are under /run. */
int boot_host(const struct lab *lab, const struct lab_host *host,
              const struct cgroup_layout *layout, const struct boot_files *files,
              struct error *error);

#endif
