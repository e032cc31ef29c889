#include <glob.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/process.h"
#include "lab/lab.h"

static const struct {
    const char *tool;
    const char *package;
} tools[] = {
    {"ip", "iproute2"},         {"iptables", "iptables"},         {"kamailio", "kamailio"},
    {"ping", "iputils-ping"},   {"sipp", "sip-tester"},           {"sqlite3", "sqlite3"},
    {"ssh", "openssh-client"},  {"ssh-keygen", "openssh-client"}, {"sshd", "openssh-server"},
    {"stress-ng", "stress-ng"},
};

static const struct {
    const char *module;
    const char *package;
} modules[] = {
    {"db_sqlite.so", "kamailio-sqlite-modules"},
    {"http_client.so", "kamailio-utils-modules"},
};

static bool is_in_path(const char *tool)
{
    const char *folders = getenv("PATH");
    char *copy = memory_string(folders != NULL ? folders : "");
    char *rest = NULL;
    bool found = false;

    for (char *folder = strtok_r(copy, ":", &rest); folder != NULL && !found;
         folder = strtok_r(NULL, ":", &rest)) {
        char *path = memory_format("%s/%s", folder, tool);

        found = access(path, X_OK) == 0;
        free(path);
    }
    free(copy);
    return found;
}

static bool has_module(const char *module)
{
    static const char *const places[] = {"/usr/lib/*/kamailio/modules",
                                         "/usr/lib*/kamailio/modules",
                                         "/usr/local/lib*/kamailio/modules"};
    bool found = false;

    for (size_t i = 0; i < sizeof places / sizeof *places && !found; i++) {
        char *pattern = memory_format("%s/%s", places[i], module);
        glob_t matches;

        found = glob(pattern, 0, NULL, &matches) == 0;
        globfree(&matches);
        free(pattern);
    }
    return found;
}

static bool has_capability(int capability)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[2];

    memset(data, 0, sizeof data);
    if (syscall(SYS_capget, &head, data) < 0)
        return false;
    return (data[capability / 32].effective & (1U << (capability % 32))) != 0;
}

static size_t check_tools(struct text *report)
{
    size_t missing = 0;

    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        if (is_in_path(tools[i].tool))
            continue;
        text_appendf(report, "%s is not in PATH: apt-get install %s\n", tools[i].tool,
                     tools[i].package);
        missing++;
    }
    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++) {
        if (has_module(modules[i].module))
            continue;
        text_appendf(report, "kamailio has no module %s: apt-get install %s\n", modules[i].module,
                     modules[i].package);
        missing++;
    }
    return missing;
}

static size_t check_privileges(struct text *report)
{
    static const struct {
        int number;
        const char *name;
    } needed[] = {{CAP_SYS_ADMIN, "CAP_SYS_ADMIN"},
                  {CAP_NET_ADMIN, "CAP_NET_ADMIN"},
                  {CAP_SYS_CHROOT, "CAP_SYS_CHROOT"},
                  {CAP_KILL, "CAP_KILL"},
                  {CAP_DAC_OVERRIDE, "CAP_DAC_OVERRIDE"}};
    size_t missing = 0;

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        if (has_capability(needed[i].number))
            continue;
        text_appendf(report, "no privilege %s: run it as root, outside a container\n",
                     needed[i].name);
        missing++;
    }
    return missing;
}

static size_t check_namespaces(struct text *report)
{
    static const char *const kinds[] = {"net", "pid", "mnt", "uts", "ipc", "cgroup"};
    size_t missing = 0;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        char path[64];

        snprintf(path, sizeof path, "/proc/self/ns/%s", kinds[i]);
        if (file_exists(path))
            continue;
        text_appendf(report, "the kernel has no %s namespaces: take a kernel that has\n", kinds[i]);
        missing++;
    }
    return missing;
}

/* In a process and a network namespace of its own, so that nothing is left. */
static bool works_apart(const char *const argv[])
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        struct error ignored;

        if (unshare(CLONE_NEWNET) < 0)
            _exit(EXIT_FAILURE);
        _exit(process_check(argv, 10 * CLOCK_SECOND, &ignored) < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Otherwise reported already. */
static bool can_try_network(void)
{
    return is_in_path("ip") && is_in_path("iptables") && has_capability(CAP_SYS_ADMIN) &&
           has_capability(CAP_NET_ADMIN);
}

static size_t check_links(struct text *report)
{
    static const char *const kinds[] = {"bridge", "veth"};
    size_t missing = 0;

    if (!can_try_network())
        return 0;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const char *const argv[] = {"ip", "link", "add", "probe", "type", kinds[i], NULL};

        if (works_apart(argv))
            continue;
        text_appendf(report, "the kernel can't make a link of type %s: load its module (%s)\n",
                     kinds[i], kinds[i]);
        missing++;
    }
    return missing;
}

static size_t check_cgroups(struct text *report)
{
    struct cgroup_layout layout;
    struct error error = {0};

    if (cgroup_layout_read(&layout, "/proc/self/mountinfo", "/var/lib", &error) == 0)
        return 0;
    text_appendf(report,
                 "%s: mount cgroup2, or the version 1 hierarchies cpu, memory, blkio and "
                 "pids\n",
                 error.what);
    return 1;
}

size_t lab_check(struct text *report)
{
    return check_tools(report) + check_privileges(report) + check_namespaces(report) +
           check_links(report) + check_cgroups(report);
}

size_t lab_check_faults(struct text *report)
{
    const char *const loss[] = {"iptables", "-w",        "5",      "-A",     "INPUT",
                                "-m",       "statistic", "--mode", "random", "--probability",
                                "0.5",      "-j",        "DROP",   NULL};
    const char *const netem[] = {"tc",   "qdisc", "add",   "dev", "lo",
                                 "root", "netem", "delay", "1ms", NULL};
    const char *const queue[] = {"iptables",    "-w", "5",       "-t",          "mangle", "-A",
                                 "POSTROUTING", "-j", "NFQUEUE", "--queue-num", "1",      NULL};
    size_t missing = 0;

    if (!can_try_network())
        return 0;
    if (!works_apart(loss)) {
        text_appendf(report, "the kernel can't lose packets at random: load its module "
                             "xt_statistic\n");
        missing++;
    }
    if (!works_apart(netem) && !works_apart(queue)) {
        text_appendf(report, "the kernel can't delay packets: load its module sch_netem, or "
                             "xt_NFQUEUE and nfnetlink_queue\n");
        missing++;
    }
    return missing;
}
