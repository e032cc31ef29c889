#include "lab/boot.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/file.h"
#include "base/installation.h"
#include "base/memory.h"
#include "lab/network.h"

static int read_data_file(const char *relative, struct text *text, struct error *error)
{
    char *path = path_of_data(relative);
    int result = file_read(path, 1 << 20, text, error);

    free(path);
    return result;
}

int boot_files_read(struct boot_files *files, const struct lab *lab, const struct lab_host *host,
                    struct error *error)
{
    char path[160];

    memset(files, 0, sizeof *files);
    if (read_data_file("lab/configuration/sshd_config", &files->sshd, error) < 0)
        return -1;
    if (host->configuration != NULL) {
        snprintf(path, sizeof path, "lab/configuration/%s", host->configuration);
        if (read_data_file(path, &files->service, error) < 0)
            return -1;
    }
    snprintf(path, sizeof path, "%s/%s/host_key", lab->state, host->name);
    if (file_read(path, 1 << 16, &files->host_key, error) < 0)
        return -1;
    snprintf(path, sizeof path, "%s/key.pub", lab->state);
    return file_read(path, 1 << 16, &files->authorized_key, error);
}

static int mount_new(const char *type, const char *folder, unsigned long flags, const char *options,
                     struct error *error)
{
    if (mount(type, folder, type, flags, options) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't mount %s on %s", type, folder);
    return 0;
}

/* Puts a folder of the host's data over one of the machine's. */
static int mount_data(const struct lab *lab, const struct lab_host *host, const char *name,
                      const char *folder, struct error *error)
{
    char path[160];

    snprintf(path, sizeof path, "%s/%s/%s", lab->data, host->name, name);
    /* The second call makes it writable: it begins as the protected mount that it is a part of. */
    if (mount(path, folder, NULL, MS_BIND, NULL) < 0 ||
        mount(NULL, folder, NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't mount %s on %s", path, folder);
    return 0;
}

/* Makes all that this mount namespace shows read-only, to itself alone. */
static int protect_machine(struct error *error)
{
    struct mount_attr attributes = {.attr_set = MOUNT_ATTR_RDONLY};

    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't make the mounts private");
    /* This namespace's copies of named network namespaces would keep them in being. */
    while (umount2("/run/netns", MNT_DETACH) == 0)
        ;
    if (syscall(SYS_mount_setattr, AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof attributes) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't make the mounts read-only");
    return 0;
}

static int mount_all(const struct lab *lab, const struct lab_host *host,
                     const struct cgroup_layout *layout, struct error *error)
{
    const unsigned long plain = MS_NOSUID | MS_NODEV;

    if (protect_machine(error) < 0 || mount_data(lab, host, "tmp", "/tmp", error) < 0 ||
        mount_data(lab, host, "var-tmp", "/var/tmp", error) < 0 ||
        mount_data(lab, host, "srv", "/srv", error) < 0 ||
        mount_data(lab, host, "root", "/root", error) < 0)
        return -1;
    /* After those, as they hide the labs' own data and state. */
    if (mount_new("tmpfs", "/var/lib/vnfault", plain | MS_RDONLY, "mode=755", error) < 0 ||
        mount_new("tmpfs", "/run", plain, "mode=755,size=64m", error) < 0 ||
        mount_new("tmpfs", "/dev/shm", plain, "mode=1777", error) < 0 ||
        mount_new("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "mode=620,ptmxmode=666", error) <
            0 ||
        mount_new("proc", "/proc", plain | MS_NOEXEC, NULL, error) < 0 ||
        mount_new("sysfs", "/sys", plain | MS_NOEXEC, NULL, error) < 0)
        return -1;
    return cgroup_mount(layout, "/sys/fs/cgroup", error);
}

static int write_private(const char *path, const struct text *text, struct error *error)
{
    if (file_write(path, text_string(text), text->length, error) < 0)
        return -1;
    if (chmod(path, 0600) < 0)
        return error_system(error, ERROR_INTERNAL, "can't set the mode of %s", path);
    return 0;
}

/* Writes a small file under /run and puts it over one of the machine's. */
static int override_file(const char *path, const char *own, const struct text *text,
                         struct error *error)
{
    if (file_write(own, text_string(text), text->length, error) < 0)
        return -1;
    if (file_exists(path) && mount(own, path, NULL, MS_BIND, NULL) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't mount %s on %s", own, path);
    return 0;
}

static int write_names(const struct lab_host *host, struct error *error)
{
    struct text hosts = {0};
    struct text name = {0};
    int result;

    text_append(&hosts, "127.0.0.1 localhost\n");
    for (size_t i = 0; i < LAB_HOST_COUNT; i++)
        text_appendf(&hosts, "%s %s\n", lab_hosts[i].address, lab_hosts[i].name);
    text_appendf(&hosts, LAB_CONTROL_ADDRESS " control\n");
    text_appendf(&name, "%s\n", host->name);
    result = override_file("/etc/hosts", "/run/hosts", &hosts, error);
    if (result == 0)
        result = override_file("/etc/hostname", "/run/hostname", &name, error);
    text_free(&hosts);
    text_free(&name);
    return result;
}

/* `reboot` on the host's PATH: its first process takes SIGTERM for the order. */
static int write_reboot_command(struct error *error)
{
    static const char command[] = "#!/bin/sh\nexec kill -TERM 1\n";

    if (folder_make("/run/sbin", error) < 0 ||
        file_write("/run/sbin/reboot", command, sizeof command - 1, error) < 0)
        return -1;
    if (chmod("/run/sbin/reboot", 0755) < 0)
        return error_system(error, ERROR_INTERNAL, "can't set the mode of /run/sbin/reboot");
    return 0;
}

static int write_files(const struct lab_host *host, const struct boot_files *files,
                       struct error *error)
{
    static const char *const folders[] = {"/run/sshd", "/run/lock", "/run/kamailio"};
    struct text sshd = {0};
    int result;

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (folder_make(folders[i], error) < 0)
            return -1;
    }
    text_appendf(&sshd, "ListenAddress %s\nListenAddress %s\n%s", host->management_address,
                 host->address, text_string(&files->sshd));
    result = write_private("/run/sshd/config", &sshd, error);
    text_free(&sshd);
    if (result < 0 || write_private("/run/sshd/host_key", &files->host_key, error) < 0 ||
        write_private("/run/sshd/authorized_keys", &files->authorized_key, error) < 0 ||
        write_private("/run/kamailio/kamailio.cfg", &files->service, error) < 0)
        return -1;
    if (write_reboot_command(error) < 0)
        return -1;
    return write_names(host, error);
}

int boot_host(const struct lab *lab, const struct lab_host *host,
              const struct cgroup_layout *layout, const struct boot_files *files,
              struct error *error)
{
    char group[LAB_NAME_SIZE];

    umask(022);
    lab_group(lab, host->name, group);
    if (cgroup_join(layout, group, error) < 0)
        return -1;
    /* Made now, so that the host's own group is the root that it sees. */
    if (unshare(CLONE_NEWCGROUP) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't make a cgroup namespace");
    if (network_enter(lab, host->name, error) < 0)
        return -1;
    if (sethostname(host->name, strlen(host->name)) < 0)
        return error_system(error, ERROR_UNREACHABLE, "can't set the host name");
    if (mount_all(lab, host, layout, error) < 0)
        return -1;
    return write_files(host, files, error);
}
