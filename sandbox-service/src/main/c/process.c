#include "process.h"

#include "lockdown.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static char home_entry[512];
static char *entries[] = {
    "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    home_entry,
    "USER=agent",
    "LOGNAME=agent",
    "SHELL=/bin/bash",
    "LANG=C.UTF-8",
    // Nobody sits at a terminal: no colours, no pager, no editor, no question that waits for an answer.
    "TERM=dumb",
    "PAGER=cat",
    "GIT_PAGER=cat",
    "GIT_EDITOR=true",
    "GIT_TERMINAL_PROMPT=0",
    "DEBIAN_FRONTEND=noninteractive",
    // What a program printed before its time ran out is worth more to the model than fewer writes.
    "PYTHONUNBUFFERED=1",
    NULL,
};

void environment_begin(const char *home) {
    bool usable = home != NULL && home[0] == '/' && strlen(home) < sizeof home_entry - 8 && access(home, W_OK) == 0;
    snprintf(home_entry, sizeof home_entry, "HOME=%s", usable ? home : "/tmp");
}

char *const *environment(void) {
    return entries;
}

pid_t fork_child(void) {
    pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    forget_nonce();
    setsid();
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; null >= 0 && fd <= 2; fd++) {
        dup2(null, fd);
    }
    return 0;
}

void become_program(void) {
    // Only a dumpable process owns its files in /proc. The nonce is not in this copy of the memory.
    prctl(PR_SET_DUMPABLE, 1);
    int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    if (fd >= 0) {
        if (write(fd, "500", 3) != 3) {
            // Then the kernel chooses by size alone; handd is small.
        }
        close(fd);
    }
}

void close_from(int first) {
    if (syscall(SYS_close_range, (unsigned) first, ~0u, 0u) != 0) {
        for (int fd = first; fd < (int) sysconf(_SC_OPEN_MAX); fd++) {
            close(fd);
        }
    }
}
