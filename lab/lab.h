/*
 * The lab: an IMS on this machine. Each host is a process tree in namespaces and a cgroup of its
 * own; what a lab is made of can be named from the lab's name alone, so that it can be taken down
 * without any record.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "lab/cgroup.h"
#include "lab/hosts.h"

struct lab {
    char name[24];
    char state[96]; /* folder: keys, testbed file, consoles */
    char data[96];  /* folder on a disk: what hosts keep over a reboot, and their /tmp */
};

/* Longest name of a host's thing: 'vnfault-NAME-homestead', 'vnfault/NAME/homestead'. */
enum { LAB_NAME_SIZE = 96 };

/* Names a lab; it need not be there. ERROR_INPUT for a name that isn't a-z, 0-9 and inner
 * hyphens, at most 20 characters. */
int lab_open(struct lab *lab, const char *name, struct error *error);

/* 'vnfault-NAME-PART', the network namespace of a host, 'switch', 'management' or 'control'. */
void lab_namespace(const struct lab *lab, const char *part, char name[LAB_NAME_SIZE]);

/* 'vnfault/NAME/PART', the cgroup of a host or of the 'holders'; 'vnfault/NAME' if `part` is
 * NULL. */
void lab_group(const struct lab *lab, const char *part, char name[LAB_NAME_SIZE]);

/* Brings it up and waits until every host answers. ERROR_UNREACHABLE if it is up already or
 * something is missing. On any error, a stop too, what was made is taken down again. */
int lab_up(const struct lab *lab, struct stop *stop, struct error *error);

/* Takes down all that is there of it. No error if nothing is. ERROR_NOT_CLEAN if something can't
 * be removed. */
int lab_down(const struct lab *lab, struct stop *stop, struct error *error);

/* Ends the host's first process, as a power switch does, and waits until it answers again. */
int lab_reboot(const struct lab *lab, const struct lab_host *host, struct stop *stop,
               struct error *error);

enum lab_state { LAB_HOST_DOWN, LAB_HOST_STARTING, LAB_HOST_READY };

struct lab_host_status {
    enum lab_state state;
    pid_t process; /* the host's first process; 0 if down */
    size_t processes;
    int64_t memory; /* bytes in use */
};

/* `status` in the order of lab_hosts. ERROR_UNREACHABLE if no host is there. */
int lab_read_status(const struct lab *lab, struct lab_host_status status[LAB_HOST_COUNT],
                    struct error *error);

/* Appends who holds the lock of a run on the host (docs/run.md); nothing if nobody does. */
void lab_host_lock_holder(const struct lab *lab, const struct lab_host *host, struct text *holder);

/* Becomes an SSH client on the host, with `count` words of command. Returns only on error. */
int lab_become_ssh(const struct lab *lab, const struct lab_host *host, const char *const words[],
                   size_t count, struct error *error);

/* Appends a line to `report` for each thing that the lab needs and this machine hasn't. Returns
 * how many. The second looks for what the network faults are made with: the lab is up without. */
size_t lab_check(struct text *report);
size_t lab_check_faults(struct text *report);

#endif
