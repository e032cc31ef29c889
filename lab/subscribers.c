#include "lab/subscribers.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"
#include "base/text.h"

static int make_password(char password[25], struct error *error)
{
    unsigned char bytes[12];

    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return error_system(error, ERROR_INTERNAL, "can't get random bytes");
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(password + 2 * i, 3, "%02x", bytes[i]);
    return 0;
}

static int fill(struct text *sql, struct text *list, struct error *error)
{
    char password[25];

    text_append(sql, "PRAGMA journal_mode = WAL;\n"
                     "CREATE TABLE subscriber (impi TEXT PRIMARY KEY, impu TEXT NOT NULL UNIQUE,\n"
                     "  password TEXT NOT NULL, profile TEXT NOT NULL,\n"
                     "  sequence INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;\nBEGIN;\n");
    text_append(list, "SEQUENTIAL\n");
    for (long i = 0; i < LAB_SUBSCRIBERS; i++) {
        long number = LAB_FIRST_NUMBER + i;

        if (make_password(password, error) < 0)
            return -1;
        text_appendf(sql,
                     "INSERT INTO subscriber (impi, impu, password, profile) VALUES "
                     "('%ld', 'sip:%ld@ims.test', '%s', 'default');\n",
                     number, number, password);
        text_appendf(list, "%ld;[authentication username=%ld password=%s]\n", number, number,
                     password);
    }
    text_append(sql, "COMMIT;\n");
    return 0;
}

/* The statements go in by standard input, never as arguments: they hold the passwords. */
static int run_sqlite(const char *path, const char *sql, struct error *error)
{
    const char *argv[] = {"sqlite3", "-batch", "-bail", path, NULL};
    struct process_result result;
    int outcome = 0;

    if (process_run(argv, sql, 60 * CLOCK_SECOND, &result, error) < 0)
        return -1;
    if (result.exit_status != 0)
        outcome = error_set(error, ERROR_INTERNAL, "sqlite3 can't make %s", path);
    process_result_free(&result);
    return outcome;
}

int subscribers_make(const struct lab *lab, struct error *error)
{
    struct text sql = {0};
    struct text list = {0};
    char path[160];
    int result = fill(&sql, &list, error);

    snprintf(path, sizeof path, "%s/homestead/srv/hss.db", lab->data);
    if (result == 0)
        result = run_sqlite(path, text_string(&sql), error);
    snprintf(path, sizeof path, "%s/load/srv/subscribers.csv", lab->data);
    if (result == 0)
        result = file_write(path, text_string(&list), list.length, error);
    text_free(&sql);
    text_free(&list);
    return result;
}
