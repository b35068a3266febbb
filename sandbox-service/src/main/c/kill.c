#include "kill.h"

#include "loop.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/** More than any pids limit a hand is given. */
#define PROCESSES_MAX 32768
/** What a line of parents remembers of itself; a longer one is looked up again. */
#define LINE_MAX_LENGTH 64
/** What forks faster than it is killed is left to the limits of the sandbox. */
#define TREE_PASSES 10
#define END_PASSES 50

enum verdict { UNDECIDED, OUTSIDE, SPARED, VICTIM };

struct process {
    pid_t pid;
    pid_t parent;
    /** In ticks since the machine started. */
    uint64_t born;
    enum verdict verdict;
};

/** In the order of their pids. */
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
    if (name_end == NULL
            || sscanf(name_end + 1, " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %llu",
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

static struct process *find(pid_t pid) {
    struct process sought = {.pid = pid};
    return bsearch(&sought, processes, (size_t) process_count, sizeof *processes, by_pid);
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

/** Goes up from parent to parent until something is known, and writes it down for all it passed. */
static enum verdict judge(struct process *process, enum kill_scope scope, struct moment since, pid_t shell) {
    pid_t self = getpid();
    struct process *line[LINE_MAX_LENGTH];
    int length = 0;
    enum verdict verdict = UNDECIDED;
    for (struct process *at = process; verdict == UNDECIDED; at = at == NULL ? NULL : find(at->parent)) {
        if (at == NULL) {
            // Process 1 is not listed; and a parent that ended while we read has left its children to process 1.
            verdict = self == 1 ? VICTIM : OUTSIDE;
        } else if (at->pid == self) {
            verdict = VICTIM;
        } else if (at->verdict != UNDECIDED) {
            verdict = at->verdict;
        } else if (at->pid != shell && (loop_knows_child(at->pid) || (scope == KILL_YOUNGER && older(at, since)))) {
            verdict = SPARED;
        } else if (length < LINE_MAX_LENGTH) {
            line[length++] = at;
        }
    }
    while (length > 0) {
        line[--length]->verdict = verdict;
    }
    return verdict;
}

int kill_processes(enum kill_scope scope, struct moment since, pid_t shell) {
    int alive = 0;
    read_processes();
    for (int i = 0; i < process_count; i++) {
        pid_t pid = processes[i].pid;
        if (pid != shell && pid != getpid() && judge(&processes[i], scope, since, shell) == VICTIM) {
            alive++;
            kill(pid, SIGKILL);
        }
    }
    return alive;
}

static bool below(const struct process *process, pid_t root) {
    while (process != NULL && process->pid != root && process->parent != root) {
        process = find(process->parent);
    }
    return process != NULL;
}

static int kill_below(pid_t root) {
    int alive = 0;
    read_processes();
    for (int i = 0; i < process_count; i++) {
        if (processes[i].pid != getpid() && below(&processes[i], root)) {
            alive++;
            kill(processes[i].pid, SIGKILL);
        }
    }
    return alive;
}

void kill_tree(pid_t root) {
    for (int pass = 0; pass < TREE_PASSES && kill_below(root) > 0; pass++) {
    }
    kill(-root, SIGKILL);
    kill(root, SIGKILL);
}

void kill_everything(void) {
    if (getpid() == 1) {
        kill(-1, SIGKILL);
        return;
    }
    for (int pass = 0; pass < END_PASSES && kill_below(getpid()) > 0; pass++) {
        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
    }
}
