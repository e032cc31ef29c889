/*
 * Preloaded into User-mode Linux, whose kernel (6.1) knows a processor's extended state up to
 * AVX-512 only. On a processor with more (AMX) the machine's kernel wants the whole state back or
 * nothing, and the guest would panic at its first process. What the guest doesn't know stays in its
 * initial state: nothing in it asks for AMX.
 */
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/types.h>
#include <sys/uio.h>

enum { MOST_BYTES = 65536 };

typedef long ptrace_function(enum __ptrace_request request, pid_t process, void *kind, void *data);

static ptrace_function *real_ptrace;
/* As large as this machine's; User-mode Linux has one thread that traces. */
static char whole[MOST_BYTES];
static size_t whole_size;

/* Early: later the caller may be on a small stack of the guest's kernel. */
__attribute__((constructor)) static void find_real_ptrace(void)
{
    void *found = dlsym(RTLD_NEXT, "ptrace");

    memcpy(&real_ptrace, &found, sizeof found);
}

static long get_state(pid_t process, void *kind, struct iovec *known)
{
    struct iovec all = {whole, sizeof whole};
    long result = real_ptrace(PTRACE_GETREGSET, process, kind, &all);

    if (result < 0)
        return result;
    whole_size = all.iov_len;
    if (known->iov_len > whole_size)
        known->iov_len = whole_size;
    memcpy(known->iov_base, whole, known->iov_len);
    return result;
}

static long set_state(pid_t process, void *kind, const struct iovec *known)
{
    struct iovec all = {whole, whole_size};

    if (known->iov_len >= whole_size)
        return real_ptrace(PTRACE_SETREGSET, process, kind, (void *)known);
    memset(whole, 0, whole_size);
    memcpy(whole, known->iov_base, known->iov_len);
    return real_ptrace(PTRACE_SETREGSET, process, kind, &all);
}

long ptrace(enum __ptrace_request request, ...)
{
    va_list arguments;
    pid_t process;
    void *kind, *data;

    va_start(arguments, request);
    process = va_arg(arguments, pid_t);
    kind = va_arg(arguments, void *);
    data = va_arg(arguments, void *);
    va_end(arguments);
    if ((uintptr_t)kind == NT_X86_XSTATE && request == PTRACE_GETREGSET)
        return get_state(process, kind, data);
    if ((uintptr_t)kind == NT_X86_XSTATE && request == PTRACE_SETREGSET)
        return set_state(process, kind, data);
    return real_ptrace(request, process, kind, data);
}
