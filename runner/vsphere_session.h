/*
 * A session with a vCenter (or a single ESXi host): SOAP over HTTPS, logged in. A session that the
 * server ended is begun anew, once a call. The password is read from its file when it is needed and
 * is in no log and no error.
 */
#ifndef RUNNER_VSPHERE_SESSION_H
#define RUNNER_VSPHERE_SESSION_H

#include <stdint.h>

#include "base/error.h"
#include "base/stop.h"
#include "base/text.h"
#include "runner/vsphere_soap.h"
#include "runner/vsphere_time.h"

/* How the server is reached. The strings outlive the session; ca_file and network_namespace may be
 * "". */
struct vsphere_server {
    const char *url; /* 'https://vcenter.example/sdk' */
    const char *user;
    const char *password_file;
    const char *ca_file;
    const char *network_namespace;
    int64_t timeout; /* of one request, ns */
};

/* The server's managers. */
struct vsphere_content {
    struct vsphere_reference root_folder;
    struct vsphere_reference property_collector;
    struct vsphere_reference view_manager;
    struct vsphere_reference session_manager;
    struct vsphere_reference performance_manager;
    struct vsphere_reference search_index;
};

struct vsphere_session;

/* Connects and logs in. ERROR_INPUT if the URL or the password file is wrong, else
 * ERROR_UNREACHABLE. */
int vsphere_session_open(const struct vsphere_server *server, struct vsphere_session **session,
                         struct error *error);

/* Logs out; NULL is let by. */
void vsphere_session_close(struct vsphere_session *session);

const struct vsphere_content *vsphere_session_content(const struct vsphere_session *session);

/* Calls end at `deadline` (runner's clock; INT64_MAX: at their own timeout) and once `stop` (may be
 * NULL) is asked for. */
void vsphere_session_bound(struct vsphere_session *session, int64_t deadline, struct stop *stop);

/*
 * One call. A fault is an error here: ERROR_UNREACHABLE with what the server says, and
 * vsphere_session_fault tells which. Release the answer in either case.
 */
int vsphere_call(struct vsphere_session *session, const char *operation, const struct text *request,
                 struct soap_answer *answer, struct error *error);

/* The fault of the last call; its name is "" if that failed otherwise or didn't fail. */
const struct soap_fault *vsphere_session_fault(const struct vsphere_session *session);

/* Asks for the server's time. */
int vsphere_session_clock(struct vsphere_session *session, struct vsphere_clock *clock,
                          struct error *error);

#endif
