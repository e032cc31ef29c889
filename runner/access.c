#include "runner/access.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "runner/access_methods.h"
#include "runner/access_sudo.h"

static const struct access_method *const methods[] = {
    &access_ssh,
    &access_container,
    &access_kubectl,
    &access_local,
};

enum { METHOD_COUNT = sizeof methods / sizeof methods[0] };

struct access {
    const struct host *host;
    const struct access_method *method;
    pthread_mutex_t reopening;
    struct access_link *link; /* NULL while it can't be reached */
    atomic_uint connections;
};

/* Guards every access's link; held for moments only. */
static pthread_mutex_t links = PTHREAD_MUTEX_INITIALIZER;

/* --- links --- */

struct access_link *access_link_take(struct access *access, struct error *error)
{
    struct access_link *link;

    pthread_mutex_lock(&links);
    link = access->link;
    if (link != NULL)
        access_link_keep(link);
    pthread_mutex_unlock(&links);
    if (link == NULL) {
        error_set(error, ERROR_UNREACHABLE, "there is no connection to %s",
                  access->host->access.address);
        error_target(error, access->host->name);
    }
    return link;
}

/* Takes the access's link away; commands that run over it fail. */
static void drop_link(struct access *access)
{
    struct access_link *link;

    pthread_mutex_lock(&links);
    link = access->link;
    access->link = NULL;
    pthread_mutex_unlock(&links);
    if (link != NULL) {
        link->method->abandon(link->connection);
        access_link_release(link);
    }
}

/* --- the access --- */

static const struct access_method *find_method(const struct host *host, struct error *error)
{
    const char *names[METHOD_COUNT];
    const char *nearest;

    for (size_t i = 0; i < METHOD_COUNT; i++) {
        names[i] = methods[i]->name;
        if (strcmp(methods[i]->name, host->access.method) == 0)
            return methods[i];
    }
    error_set(error, ERROR_INPUT, "unknown access method '%s'", host->access.method);
    error_target(error, host->name);
    nearest = string_nearest(host->access.method, names, METHOD_COUNT);
    if (nearest != NULL)
        error_hint(error, "did you mean '%s'?", nearest);
    return NULL;
}

/* Sees once that commands may run as root, so that it does not fail in the middle of a fault. */
static int prove_sudo(struct access *access, struct error *error)
{
    static const char *const argv[] = {"true", NULL};
    struct command_result result;
    struct text quoted = {0};
    int outcome = 0;

    if (!access->host->access.sudo)
        return 0;
    if (access_run(access, argv, NULL, 0, 0, &result, error) < 0)
        return -1;
    if (result.exit_status != 0) {
        access_quote(&quoted, result.errors.length > 0 ? &result.errors : &result.output);
        outcome = access_sudo_refused(access->host, result.exit_status, &quoted, error);
        text_free(&quoted);
    }
    command_result_free(&result);
    return outcome;
}

static int connect_access(struct access *access, struct error *error)
{
    struct access_link *link = access_link_open(access->host, access->method, error);

    if (link == NULL)
        return -1;
    pthread_mutex_lock(&links);
    access->link = link;
    pthread_mutex_unlock(&links);
    atomic_fetch_add(&access->connections, 1);
    if (prove_sudo(access, error) == 0)
        return 0;
    drop_link(access);
    return -1;
}

int access_open(const struct host *host, struct access **access, struct error *error)
{
    const struct access_method *method = find_method(host, error);
    struct access *made;

    if (method == NULL)
        return -1;
    made = memory_new(1, sizeof *made);
    made->host = host;
    made->method = method;
    pthread_mutex_init(&made->reopening, NULL);
    if (connect_access(made, error) < 0) {
        access_close(made);
        return -1;
    }
    *access = made;
    return 0;
}

void access_close(struct access *access)
{
    if (access == NULL)
        return;
    drop_link(access);
    pthread_mutex_destroy(&access->reopening);
    free(access);
}

const struct access_method *access_method_of(const struct access *access)
{
    return access->method;
}

const struct host *access_host(const struct access *access)
{
    return access->host;
}

int access_reopen(struct access *access, struct error *error)
{
    int result;

    pthread_mutex_lock(&access->reopening);
    drop_link(access);
    result = connect_access(access, error);
    pthread_mutex_unlock(&access->reopening);
    return result;
}

static bool is_lost(const struct access_link *link)
{
    return link->method->is_lost != NULL && link->method->is_lost(link->connection);
}

bool access_is_lost(struct access *access)
{
    struct error ignored = {0};
    struct access_link *link = access_link_take(access, &ignored);
    bool lost = link == NULL;

    if (link != NULL) {
        lost = is_lost(link);
        access_link_release(link);
    }
    return lost;
}

unsigned access_connections(struct access *access)
{
    return atomic_load(&access->connections);
}

/* True if it has no link now. */
static bool drop_lost_link(struct access *access)
{
    struct error ignored = {0};
    struct access_link *link = access_link_take(access, &ignored);
    bool lost;

    if (link == NULL)
        return true;
    lost = is_lost(link);
    if (lost)
        drop_link(access);
    access_link_release(link);
    return lost;
}

int access_restore(struct access *access, struct error *error)
{
    int result = 0;

    pthread_mutex_lock(&access->reopening);
    if (drop_lost_link(access))
        result = connect_access(access, error);
    pthread_mutex_unlock(&access->reopening);
    return result;
}

int access_endpoints(struct access *access, struct text *text, struct error *error)
{
    struct access_link *link = access_link_take(access, error);
    int result;

    if (link == NULL)
        return -1;
    result = link->method->endpoints(link->connection, text, error);
    access_link_release(link);
    return result;
}

int access_describe(struct access *access, struct text *text, struct error *error)
{
    const struct host_access *host = &access->host->access;
    struct access_link *link = access_link_take(access, error);

    if (link == NULL)
        return -1;
    if (host->user[0] != '\0')
        text_appendf(text, "%s as %s%s; ", host->method, host->user,
                     host->sudo ? " with sudo" : "");
    link->method->describe(link->connection, text);
    access_link_release(link);
    return 0;
}

char *access_folder(struct access *access, struct error *error)
{
    struct access_link *link = access_link_take(access, error);
    char *folder;

    if (link == NULL)
        return NULL;
    folder = link->method->folder != NULL ? link->method->folder(link->connection)
                                          : memory_string(ACCESS_FOLDER);
    access_link_release(link);
    return folder;
}

void access_quote(struct text *text, const struct text *output)
{
    enum { MOST_QUOTED = 240 };
    const char *bytes = text_string(output);
    size_t start = text->length;

    for (size_t i = 0; i < output->length && i < MOST_QUOTED; i++) {
        unsigned char byte = (unsigned char)bytes[i];

        text_append_bytes(text, byte < ' ' ? " " : byte >= 127 ? "?" : bytes + i, 1);
    }
    while (text->length > start && text->bytes[text->length - 1] == ' ')
        text->bytes[--text->length] = '\0';
}
