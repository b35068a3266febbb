#include "process.h"

#include "lockdown.h"
#include "loop.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/** More than any pids limit a hand is given. */
#define PROCESSES_MAX 32768
#define GENERATIONS_MAX 32768

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

struct process {
    pid_t pid;
    pid_t parent;
    uint64_t born;
    enum { UNDECIDED, OUTSIDE, SPARED, VICTIM } verdict;
};

static struct process processes[PROCESSES_MAX];
static int process_count;

/** Reads /proc/<pid>/stat, whose second field may hold anything; false for the dead and the undead. */
static bool read_process(pid_t pid, struct process *process) {
    char path[32];
    char text[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", (int) pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return false;
    }
    ssize_t length = read(fd, text, sizeof text - 1);
    close(fd);
    text[length > 0 ? length : 0] = 0;
    const char *name_end = strrchr(text, ')');
    char state;
    int parent;
    unsigned long long born;
    // Fields 3, 4 and 22 of proc(5).
    if (name_end == NULL || sscanf(name_end + 1, " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
            &state, &parent, &born) != 3) {
        return false;
    }
    *process = (struct process) {pid, parent, born, UNDECIDED};
    return state != 'Z' && state != 'X';
}

static int by_pid(const void *left, const void *right) {
    pid_t one = ((const struct process *) left)->pid;
    pid_t other = ((const struct process *) right)->pid;
    return (one > other) - (one < other);
}

static void read_processes(void) {
    process_count = 0;
    DIR *proc = opendir("/proc");
    if (proc == NULL) {
        return;
    }
    const struct dirent *entry;
    while (process_count < PROCESSES_MAX && (entry = readdir(proc)) != NULL) {
        int pid = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? atoi(entry->d_name) : 0;
        if (pid > 1 && read_process(pid, &processes[process_count])) {
            process_count++;
        }
    }
    closedir(proc);
    qsort(processes, (size_t) process_count, sizeof *processes, by_pid);
}

struct moment moment_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    uint64_t per_second = (uint64_t) sysconf(_SC_CLK_TCK);
    struct moment moment = {(uint64_t) now.tv_sec * per_second + (uint64_t) now.tv_nsec * per_second / 1000000000u, 0};
    // Births are known to 10 ms only; the last pid given out tells those apart that lie closer.
    char text[128];
    int fd = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
    if (fd >= 0) {
        close(fd);
    }
    text[length > 0 ? length : 0] = 0;
    const char *last = strrchr(text, ' ');
    moment.last_pid = last == NULL ? 0 : atoi(last);
    return moment;
}

static bool older(const struct process *process, struct moment since) {
    return process->born < since.tick
            || (process->born == since.tick && since.last_pid > 0 && process->pid <= since.last_pid);
}

/** Looks up the line of parents until something is known, then writes it down for the whole line. */
static void decide(struct process *process, enum kill_scope scope, struct moment since, pid_t shell, pid_t self) {
    int verdict = UNDECIDED;
    struct process *line[64];
    int length = 0;
    for (struct process *at = process; verdict == UNDECIDED;) {
        if (at->verdict != UNDECIDED) {
            verdict = at->verdict;
            break;
        }
        bool is_shell = at->pid == shell;
        if (at->pid == self) {
            verdict = VICTIM;
            break;
        }
        if (!is_shell && (loop_knows_child(at->pid) || (scope == KILL_YOUNGER && older(at, since)))) {
            verdict = at->verdict = SPARED;
            break;
        }
        if (length == (int) (sizeof line / sizeof *line)) {
            length--;
        }
        line[length++] = at;
        struct process parent = {.pid = at->parent};
        if (at->parent == self) {
            verdict = VICTIM;
        } else {
            at = bsearch(&parent, processes, (size_t) process_count, sizeof *processes, by_pid);
            // A parent that ended while we read has left its children to process 1.
            verdict = at != NULL ? UNDECIDED : self == 1 ? VICTIM : OUTSIDE;
        }
    }
    while (length > 0) {
        line[--length]->verdict = verdict;
    }
}

int processes_kill(enum kill_scope scope, struct moment since, pid_t shell) {
    pid_t self = getpid();
    int alive = 0;
    read_processes();
    for (int i = 0; i < process_count; i++) {
        decide(&processes[i], scope, since, shell, self);
        if (processes[i].verdict == VICTIM && processes[i].pid != shell && processes[i].pid != self) {
            alive++;
            kill(processes[i].pid, SIGKILL);
        }
    }
    return alive;
}

static bool below(const struct process *process, pid_t root) {
    for (int generation = 0; process != NULL && generation < GENERATIONS_MAX; generation++) {
        if (process->pid == root || process->parent == root) {
            return true;
        }
        struct process parent = {.pid = process->parent};
        process = bsearch(&parent, processes, (size_t) process_count, sizeof *processes, by_pid);
    }
    return false;
}

void process_tree_kill(pid_t root) {
    read_processes();
    for (int i = 0; i < process_count; i++) {
        if (below(&processes[i], root)) {
            kill(processes[i].pid, SIGKILL);
        }
    }
    kill(-root, SIGKILL);
    kill(root, SIGKILL);
}

void processes_end(void) {
    if (getpid() == 1) {
        kill(-1, SIGKILL);
        return;
    }
    for (int pass = 0; pass < 50; pass++) {
        read_processes();
        int alive = 0;
        for (int i = 0; i < process_count; i++) {
            if (processes[i].pid != getpid() && below(&processes[i], getpid())) {
                alive++;
                kill(processes[i].pid, SIGKILL);
            }
        }
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        if (alive == 0) {
            return;
        }
    }
}
