#include "lockdown.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "handd's system call filter knows x86_64 and aarch64 only"
#endif

#define NONCE_MAX 256
#define X32_BIT 0x40000000u

// Newer than some C libraries' lists; the numbers are the same on every architecture.
#define CALL_OPEN_TREE 428
#define CALL_MOVE_MOUNT 429
#define CALL_FSOPEN 430
#define CALL_FSCONFIG 431
#define CALL_FSMOUNT 432
#define CALL_FSPICK 433
#define CALL_CLONE3 435
#define CALL_PIDFD_GETFD 438
#define CALL_MOUNT_SETATTR 442
#define CALL_QUOTACTL_FD 443

static char own_nonce[NONCE_MAX];

void take_nonce(void) {
    char *given = getenv("HANDD_NONCE");
    if (given != NULL) {
        snprintf(own_nonce, sizeof own_nonce, "%s", given);
        explicit_bzero(given, strlen(given));
        unsetenv("HANDD_NONCE");
    }
}

const char *nonce(void) {
    return own_nonce;
}

void forget_nonce(void) {
    explicit_bzero(own_nonce, sizeof own_nonce);
}

/** Refused with EPERM, whatever the container engine's own filter says: Docker before 25 lets io_uring through. */
static const int refused[] = {
    SYS_io_uring_setup, SYS_io_uring_enter, SYS_io_uring_register,
    SYS_bpf, SYS_userfaultfd, SYS_perf_event_open, SYS_fanotify_init,
    SYS_keyctl, SYS_add_key, SYS_request_key,
    SYS_unshare, SYS_setns, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot,
    CALL_OPEN_TREE, CALL_MOVE_MOUNT, CALL_FSOPEN, CALL_FSCONFIG, CALL_FSMOUNT, CALL_FSPICK, CALL_MOUNT_SETATTR,
    SYS_open_by_handle_at, SYS_name_to_handle_at,
    SYS_process_vm_readv, SYS_process_vm_writev, SYS_kcmp, CALL_PIDFD_GETFD,
    SYS_kexec_load, SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_syslog,
    SYS_swapon, SYS_swapoff, SYS_reboot, SYS_acct, SYS_quotactl, CALL_QUOTACTL_FD,
    SYS_settimeofday, SYS_clock_settime, SYS_sethostname, SYS_setdomainname,
#ifdef SYS_kexec_file_load
    SYS_kexec_file_load,
#endif
#ifdef SYS_iopl
    SYS_iopl, SYS_ioperm,
#endif
#ifdef SYS_modify_ldt
    SYS_modify_ldt,
#endif
};

#define NAMESPACES (CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
/** The lower half of an argument, which is all the kernel looks at in the ones compared here. Little endian only. */
#define LOAD_ARGUMENT(n) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[n]))
#define UNLESS_EQUAL_SKIP(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t) (value), 0, (skip))
#define IF_EQUAL_SKIP(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t) (value), (skip), 0)
#define UNLESS_BELOW_REFUSE(value, error) BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (value), 0, 1), REFUSE(error)
#define REFUSE(error) BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static bool filter_system_calls(void) {
    static const struct sock_filter head[] = {
        LOAD(arch), IF_EQUAL_SKIP(ARCHITECTURE, 1), REFUSE(EPERM),
        LOAD(nr), UNLESS_BELOW_REFUSE(X32_BIT, ENOSYS),
        // The flags of clone3 lie in memory, where a filter cannot look: C libraries fall back to clone.
        UNLESS_EQUAL_SKIP(CALL_CLONE3, 1), REFUSE(ENOSYS),
    };
    static const struct sock_filter tail[] = {
        UNLESS_EQUAL_SKIP(SYS_clone, 4), LOAD_ARGUMENT(0),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, NAMESPACES, 0, 1), REFUSE(EPERM), ALLOW,
        // AF_VSOCK is not namespaced: it reaches the hypervisor from a container without a network.
        UNLESS_EQUAL_SKIP(SYS_socket, 7), LOAD_ARGUMENT(0),
        IF_EQUAL_SKIP(AF_UNIX, 4), IF_EQUAL_SKIP(AF_INET, 3), IF_EQUAL_SKIP(AF_INET6, 2), IF_EQUAL_SKIP(AF_NETLINK, 1),
        REFUSE(EAFNOSUPPORT), ALLOW,
        // Typing into somebody's terminal.
        UNLESS_EQUAL_SKIP(SYS_ioctl, 5), LOAD_ARGUMENT(1),
        IF_EQUAL_SKIP(TIOCSTI, 1), UNLESS_EQUAL_SKIP(0x541C /* TIOCLINUX */, 1), REFUSE(EPERM), ALLOW,
        ALLOW,
    };
    enum { HEAD = sizeof head / sizeof *head, MIDDLE = 2 * sizeof refused / sizeof *refused,
        TAIL = sizeof tail / sizeof *tail };
    struct sock_filter filter[HEAD + MIDDLE + TAIL];
    memcpy(filter, head, sizeof head);
    for (size_t i = 0; i < MIDDLE / 2; i++) {
        filter[HEAD + 2 * i] = (struct sock_filter) UNLESS_EQUAL_SKIP(refused[i], 1);
        filter[HEAD + 2 * i + 1] = (struct sock_filter) REFUSE(EPERM);
    }
    memcpy(filter + HEAD + MIDDLE, tail, sizeof tail);
    struct sock_fprog program = {HEAD + MIDDLE + TAIL, filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

#if defined(__SANITIZE_ADDRESS__)
/** A search for leaks attaches to the process like a debugger, which is just what is forbidden here. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) {
    return "detect_leaks=0";
}
#endif

static bool held(bool holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "handd: %s: %s\n", what, strerror(errno));
    }
    return holds;
}

bool lock_down(void) {
    return held(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no new privileges")
            && held(prctl(PR_SET_DUMPABLE, 0) == 0, "not dumpable")
            && held(getpid() == 1 || prctl(PR_SET_CHILD_SUBREAPER, 1) == 0, "subreaper")
            && held(filter_system_calls(), "system call filter");
}
