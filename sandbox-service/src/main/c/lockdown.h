// What handd gives up before anything else runs in the sandbox, and what no process in it will ever have.
#ifndef HANDD_LOCKDOWN_H
#define HANDD_LOCKDOWN_H

#include <stdbool.h>

/** Takes HANDD_NONCE out of the environment, and out of the memory where the kernel shows an environment from. */
void take_nonce(void);
/** Empty when none was given; at most 255 bytes. */
const char *nonce(void);
/** For a forked child, whose copy of the memory has it too. */
void forget_nonce(void);

/**
 * No new privileges, no reading of handd's memory, every orphan handed to handd, and a system call filter that all children
 * inherit. False, with a line on stderr, when the kernel refuses any of it.
 */
bool lock_down(void);

#endif
