// Children of handd, and everything that descends from them.
#ifndef HANDD_PROCESS_H
#define HANDD_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** Fixes the environment of all programs; `home` is theirs if they can write to it. */
void environment_begin(const char *home);
char *const *environment(void);

/** A point in the life of the sandbox: which processes are older than it. */
struct moment {
    uint64_t tick;
    int last_pid;
};

struct moment moment_now(void);

/**
 * As fork. The child has a session of its own, default signals, /dev/null as its first three descriptors, and is the first to
 * go when memory runs out.
 */
pid_t fork_child(void);

/** In a forked child before it runs a program: gives up what a program must not have of handd. */
void become_program(void);

/** Closes every descriptor from `first` on. */
void close_from(int first);

enum kill_scope {
    /** What descends from the shell or from nobody, and did not exist at the moment, nor anything above it. */
    KILL_YOUNGER,
    /** Everything but children the loop waits for other than the shell, and what descends from them. */
    KILL_ALL,
};

/** Kills below handd, except `shell` itself. Returns how many were still alive; ask again until none is. */
int processes_kill(enum kill_scope scope, struct moment since, pid_t shell);

/** Kills `root` and everything below it. */
void process_tree_kill(pid_t root);

/** The end of handd: nothing it has ever started is left. */
void processes_end(void);

#endif
