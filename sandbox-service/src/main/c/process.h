// Children of handd: how they begin.
#ifndef HANDD_PROCESS_H
#define HANDD_PROCESS_H

#include <sys/types.h>

/** Fixes the environment of all programs; `home` is theirs if they can write to it, else /tmp. */
void environment_begin(const char *home);
char *const *environment(void);

/**
 * As fork. The child has a session of its own, default signals, /dev/null as its first three descriptors, and does not know
 * the nonce.
 */
pid_t fork_child(void);

/** In a forked child before it runs a program: gives up what a program must not have of handd. */
void become_program(void);

/** Closes every descriptor from `first` on. */
void close_from(int first);

#endif
