#include "runner/vsphere_password.h"

#include <sys/stat.h>

#include "base/utf8.h"

static bool is_text(const char *string)
{
    while (*string != '\0') {
        uint32_t code;
        size_t length = utf8_decode(string, &code);

        if (length == 0 || code == 0xfffe || code == 0xffff)
            return false;
        string += length;
    }
    return true;
}

int password_read(const char *path, struct secret *password, struct password_version *version,
                  struct error *error)
{
    struct stat status;

    /* Before the reading: a file that is changed in between then counts as changed. */
    if (stat(path, &status) < 0)
        return error_system(error, ERROR_INPUT, "can't read %s", path);
    *version = (struct password_version){status.st_dev, status.st_ino, status.st_mtim};
    if (secret_read_file(path, password, error) < 0)
        return -1;
    if (is_text(password->bytes))
        return 0;
    secret_wipe(password);
    return error_set(error, ERROR_INPUT, "the password in %s is no text in UTF-8", path);
}

bool password_is_same(const struct password_version *one, const struct password_version *other)
{
    return one->device == other->device && one->inode == other->inode &&
           one->changed.tv_sec == other->changed.tv_sec &&
           one->changed.tv_nsec == other->changed.tv_nsec;
}
