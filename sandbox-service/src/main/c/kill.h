// The end of everything that a call, a program or handd itself has started, however it tried to get away.
#ifndef HANDD_KILL_H
#define HANDD_KILL_H

#include <stdint.h>
#include <sys/types.h>

/** A point in the life of the sandbox: it tells which processes are older. */
struct moment {
    uint64_t tick;
    int last_pid;
};

struct moment moment_now(void);

enum kill_scope {
    /** What did not exist at the moment, nor anything above it, below handd or the shell. */
    KILL_YOUNGER,
    /** Everything. */
    KILL_ALL,
};

/**
 * Kills below handd, but neither `shell` nor other children that the loop waits for, nor anything below those.
 * Returns how many were still alive; ask again until none is.
 */
int kill_processes(enum kill_scope scope, struct moment since, pid_t shell);

/** Kills `root`, its process group, and everything below it. */
void kill_tree(pid_t root);

/** The end of handd: nothing that it started is left. */
void kill_everything(void);

#endif
