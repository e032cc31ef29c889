#include "runner/access_ssh_known.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"

#define SYSTEM_FILE "/etc/ssh/ssh_known_hosts"
#define LARGEST_FILE ((size_t)64 * 1024 * 1024)
enum { STANDARD_PORT = 22 };

/* libssh parses a line with strtok, so one thread at a time may. */
static pthread_mutex_t parsing = PTHREAD_MUTEX_INITIALIZER;

/* --- reading --- */

static char *name_of(const struct host_access *access)
{
    char *name = access->port == STANDARD_PORT
                     ? memory_string(access->address)
                     : memory_format("[%s]:%d", access->address, access->port);

    for (char *at = name; *at != '\0'; at++)
        *at = (char)tolower((unsigned char)*at);
    return name;
}

static char *own_file_of(const struct host_access *access)
{
    const char *home = getenv("HOME");

    if (access->known_hosts[0] != '\0')
        return memory_string(access->known_hosts);
    return memory_format("%s/.ssh/known_hosts", home != NULL ? home : "");
}

/* Takes '@revoked ' or '@cert-authority ' off the line; false for a mark that nobody knows. */
static bool take_mark(char **line, enum known_mark *mark)
{
    static const char *const marks[] = {
        [KNOWN_REVOKED] = "@revoked", [KNOWN_AUTHORITY] = "@cert-authority"};

    *mark = KNOWN_PLAIN;
    if (**line != '@')
        return true;
    for (size_t i = KNOWN_REVOKED; i <= KNOWN_AUTHORITY; i++) {
        size_t length = strlen(marks[i]);

        if (strncmp(*line, marks[i], length) == 0 && isblank((unsigned char)(*line)[length])) {
            *mark = (enum known_mark)i;
            *line += length;
            *line += strspn(*line, " \t");
            return true;
        }
    }
    return false;
}

/* Adds the line if it is about the host. */
static void read_line(struct known_host *known, const char *file, int number, char *line)
{
    struct known_line made = {.file = file, .number = number};
    struct ssh_knownhosts_entry *entry = NULL;
    int result;

    line += strspn(line, " \t");
    for (char *at = line; *at != '\0'; at++) {
        if (*at == '\t' || *at == '\r')
            *at = ' ';
    }
    if (*line == '\0' || *line == '#' || !take_mark(&line, &made.mark))
        return;
    pthread_mutex_lock(&parsing);
    result = ssh_known_hosts_parse_line(known->name, line, &entry);
    pthread_mutex_unlock(&parsing);
    if (result == SSH_AGAIN)
        return; /* about another host */
    if (result == SSH_OK) {
        made.key = entry->publickey;
        entry->publickey = NULL;
        ssh_knownhosts_entry_free(entry);
    }
    known->lines = memory_grow(known->lines, known->count, &known->capacity, sizeof *known->lines);
    known->lines[known->count++] = made;
}

static int read_file(struct known_host *known, const char *file, struct error *error)
{
    struct text text = {0};
    char *rest = NULL;
    int number = 0;

    if (file_read(file, LARGEST_FILE, &text, error) < 0) {
        text_free(&text);
        error->kind = ERROR_UNREACHABLE;
        return error_hint(error, "it holds the known host keys; this user must be able to read it");
    }
    for (char *line = text.bytes; line != NULL; line = rest) {
        rest = strchr(line, '\n');
        if (rest != NULL)
            *rest++ = '\0';
        read_line(known, file, ++number, line);
    }
    text_free(&text);
    return 0;
}

int known_host_read(const struct host_access *access, struct known_host *known, struct error *error)
{
    *known = (struct known_host){
        .name = name_of(access),
        .own_file = own_file_of(access),
        .system_file = memory_string(access->known_hosts[0] == '\0' ? SYSTEM_FILE : ""),
    };
    known->missing = !file_exists(known->own_file);
    if (!known->missing && read_file(known, known->own_file, error) < 0)
        return -1;
    return file_exists(known->system_file) ? read_file(known, known->system_file, error) : 0;
}

void known_host_free(struct known_host *known)
{
    for (size_t i = 0; i < known->count; i++)
        ssh_key_free(known->lines[i].key);
    free(known->lines);
    free(known->name);
    free(known->own_file);
    free(known->system_file);
}

/* --- judging --- */

/* An RSA key is asked for by the names of the signatures it makes. */
static const struct {
    enum ssh_keytypes_e type;
    const char *algorithms;
} types[] = {
    {SSH_KEYTYPE_ED25519, "ssh-ed25519"},
    {SSH_KEYTYPE_ECDSA_P521, "ecdsa-sha2-nistp521"},
    {SSH_KEYTYPE_ECDSA_P384, "ecdsa-sha2-nistp384"},
    {SSH_KEYTYPE_ECDSA_P256, "ecdsa-sha2-nistp256"},
    {SSH_KEYTYPE_RSA, "rsa-sha2-512,rsa-sha2-256"},
};

static bool knows_type(const struct known_host *known, enum ssh_keytypes_e type)
{
    for (size_t i = 0; i < known->count; i++) {
        const struct known_line *line = &known->lines[i];

        if (line->mark == KNOWN_PLAIN && line->key != NULL && ssh_key_type(line->key) == type)
            return true;
    }
    return false;
}

void known_host_algorithms(const struct known_host *known, struct text *algorithms)
{
    for (int wanted = 1; wanted >= 0; wanted--) {
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            if (knows_type(known, types[i].type) == (wanted == 1))
                text_appendf(algorithms, "%s%s", algorithms->length > 0 ? "," : "",
                             types[i].algorithms);
        }
    }
}

static bool is_same(const struct known_line *line, ssh_key key)
{
    return line->key != NULL && ssh_key_cmp(line->key, key, SSH_KEY_CMP_PUBLIC) == 0;
}

/* The first line of the mark with that key, or, if `key` is NULL, with any key, which must be
 * readable or not. */
static const struct known_line *find_line(const struct known_host *known, enum known_mark mark,
                                          ssh_key key, bool readable)
{
    for (size_t i = 0; i < known->count; i++) {
        const struct known_line *line = &known->lines[i];

        if (line->mark == mark && (line->key != NULL) == readable &&
            (key == NULL || is_same(line, key)))
            return line;
    }
    return NULL;
}

enum known_verdict known_host_judge(const struct known_host *known, ssh_key key,
                                    const struct known_line **line)
{
    if ((*line = find_line(known, KNOWN_REVOKED, key, true)) != NULL)
        return KNOWN_BANNED;
    if ((*line = find_line(known, KNOWN_PLAIN, key, true)) != NULL)
        return KNOWN_SAME;
    for (size_t i = 0; i < known->count; i++) {
        *line = &known->lines[i];
        if ((*line)->mark == KNOWN_PLAIN && (*line)->key != NULL &&
            ssh_key_type((*line)->key) == ssh_key_type(key))
            return KNOWN_CHANGED;
    }
    if ((*line = find_line(known, KNOWN_PLAIN, NULL, true)) != NULL)
        return KNOWN_CHANGED;
    /* A line that bans some key which can't be read may ban this one. */
    if ((*line = find_line(known, KNOWN_REVOKED, NULL, false)) != NULL ||
        (*line = find_line(known, KNOWN_PLAIN, NULL, false)) != NULL)
        return KNOWN_UNREADABLE;
    *line = find_line(known, KNOWN_AUTHORITY, NULL, true);
    return KNOWN_NEW;
}

/* --- adding --- */

static int unwritten(const struct known_host *known, struct error *error)
{
    error_system(error, ERROR_UNREACHABLE, "can't add the host key to %s", known->own_file);
    return error_hint(error, "the file and its folder must be there and this user's own, or name "
                             "another in the testbed file");
}

/* ~/.ssh, which only its user may read; an error shows when the file is made. */
static void make_own_folder(const struct known_host *known)
{
    char *folder = path_beside(known->own_file, "");

    (void)mkdir(folder, 0700);
    free(folder);
}

/* Opens the file and locks it against others that add to it. */
static int open_locked(const struct known_host *known, struct error *error)
{
    int descriptor;

    if (known->system_file[0] != '\0')
        make_own_folder(known);
    descriptor = open(known->own_file, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
    if (descriptor < 0)
        return unwritten(known, error);
    while (flock(descriptor, LOCK_EX) < 0) {
        if (errno != EINTR) {
            unwritten(known, error);
            close(descriptor);
            return -1;
        }
    }
    return descriptor;
}

static bool ends_open(int descriptor, off_t size)
{
    char last = '\n';

    return size > 0 && pread(descriptor, &last, 1, size - 1) == 1 && last != '\n';
}

/* One write of the whole line; what was written of it only in part is taken back. */
static int append_line(int descriptor, const struct known_host *known, ssh_key key,
                       struct error *error)
{
    struct text line = {0};
    struct stat status;
    char *encoded = NULL;
    int result = -1;

    if (fstat(descriptor, &status) < 0)
        return unwritten(known, error);
    if (ssh_pki_export_pubkey_base64(key, &encoded) != SSH_OK)
        return error_set(error, ERROR_UNREACHABLE, "the host key can't be written down");
    text_appendf(&line, "%s%s %s %s\n", ends_open(descriptor, status.st_size) ? "\n" : "",
                 known->name, ssh_key_type_to_char(ssh_key_type(key)), encoded);
    ssh_string_free_char(encoded);
    if (write(descriptor, line.bytes, line.length) == (ssize_t)line.length &&
        fdatasync(descriptor) == 0) {
        result = 0;
    } else {
        unwritten(known, error);
        if (ftruncate(descriptor, status.st_size) < 0)
            log_warning("the last line of %s is not whole", known->own_file);
    }
    text_free(&line);
    return result;
}

int known_host_add(const struct host_access *access, ssh_key key, struct known_host *known,
                   const struct known_line **line, struct error *error)
{
    int descriptor = open_locked(known, error);
    struct known_host now = {0};
    int result = -1;

    *line = NULL;
    if (descriptor < 0)
        return -1;
    if (known_host_read(access, &now, error) == 0) {
        result = (int)known_host_judge(&now, key, line);
        if (result == KNOWN_NEW && append_line(descriptor, &now, key, error) < 0)
            result = -1;
    }
    close(descriptor); /* which unlocks it */
    known_host_free(known);
    *known = now;
    return result;
}
