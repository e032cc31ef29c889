/*
 * One side of a SIPp load on its load host: caller or callee. Everything it makes there is in one
 * folder and carries one mark (sipp-scenarios/load-host.sh), so that it can be found and ended
 * whatever happened in between. SIPp ends by itself when the runner has been silent for the lease.
 */
#ifndef RUNNER_LOAD_SIPP_HOST_H
#define RUNNER_LOAD_SIPP_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/access.h"
#include "runner/load_sipp_media.h"

/* Seconds after the last sign of the runner at which SIPp is ended on the load host. */
enum { SIPP_LEASE = 30 };

/* What a load host is for; several may share a side, and its subscribers. */
struct sipp_side {
    const char *name; /* 'caller' or 'callee' */
    int choice;       /* which of the free ports; the sides may be on one host */
    size_t part;      /* from 0 */
    size_t parts;
};

struct sipp_host {
    const char *side; /* 'caller' or 'callee' */
    size_t part;      /* of the subscribers of this side, from 0 */
    size_t parts;
    struct access *access;
    struct text script; /* load-host.sh */
    char *folder;       /* on the host */
    char *mark;         /* value of VNFAULT_LOAD of its processes */
    char *version;      /* 'SIPp v3.6.1-SCTP-PCAP-RTPSTREAM' */
    char *address;      /* of the host, towards the service */
    char *port;         /* free when it was probed */
    char *control;      /* port at which SIPp is told of another rate; as `port` */
    bool present;       /* the folder may be there */
    struct access_stream *stream;
    int64_t renewed;    /* when the lease was last renewed, runner's clock */
    struct text errors; /* why the last call failed, or why SIPp ended */
    struct sipp_media media;
};

/*
 * Probes the host: tools, version, address towards the service, free ports; checks
 * the file of subscribers. Changes nothing there. ERROR_UNREACHABLE names a missing tool. Close
 * it also after an error.
 */
int sipp_host_open(struct sipp_host *host, const struct sipp_side *side, struct access *access,
                   const char *token, const char *service, int64_t subscribers,
                   struct error *error);

/* How many of `subscribers`, half of which are on this side, are this host's. */
int64_t sipp_host_subscribers(const struct sipp_host *host, int64_t subscribers);

/* Ends nothing on the host: sipp_host_end does. */
void sipp_host_close(struct sipp_host *host);

/* Whether a running SIPp could be told of another rate there. ERROR_UNREACHABLE names what lacks.
 */
int sipp_host_can_control(struct access *access, struct error *error);

/* Tells the SIPp that runs of another rate, calls per second, and of how many calls may be open at
 * once. Whether it follows is seen in its statistics only. */
int sipp_host_set_rate(struct sipp_host *host, double rate, double limit, struct error *error);

/* Makes the folder with the script, the scenario files and the injection files. */
int sipp_host_send(struct sipp_host *host, const char *scenario_folder, const char *const *files,
                   int64_t subscribers, struct error *error);

/*
 * Starts SIPp with these arguments; `name` is that of its statistics file without '.csv'. Returns
 * once SIPp has written the first row of its statistics: sockets are bound, the scenario was
 * understood. `statistics` gets what was read of the file. An error if SIPp ended before.
 */
int sipp_host_start(struct sipp_host *host, const char *name, const char *const *arguments,
                    struct text *statistics, struct error *error);

/*
 * Waits up to `timeout` ns for more of the statistics file and renews the lease; what is told of
 * media goes to host->media, too. `*ended` is set
 * when SIPp has ended; then host->errors has its last words.
 */
int sipp_host_read(struct sipp_host *host, int64_t timeout, struct stop *stop,
                   struct text *statistics, bool *ended, int *exit_status, struct error *error);

/* The last thing that SIPp complained of, fit for a message: an answer it did not expect ('SIP/2.0
 * 480 Temporarily Unavailable') or its own words. */
void sipp_host_last_words(const struct sipp_host *host, struct text *text);

/* Describes how SIPp ended: 'was ended by signal 9 (Killed)', 'ended: its last error'. */
void sipp_host_describe_end(const struct sipp_host *host, int exit_status, struct text *text);

/*
 * Ends what runs, after `grace` seconds by force, and proves that nothing runs on. Connects anew
 * if the connection is lost. ERROR_NOT_CLEAN if it can't be proven.
 */
int sipp_host_end(struct sipp_host *host, int grace, struct error *error);

/* Copies a file of the folder to `path` on this machine; one that isn't there is left out. */
int sipp_host_fetch(struct sipp_host *host, const char *file, const char *path,
                    struct error *error);

/* Removes the folder from the host. */
int sipp_host_remove(struct sipp_host *host, struct error *error);

#endif
