// The run directory: handd's small files, on a tmpfs of limited size that belongs to the sandbox's user. Whatever runs in the
// sandbox can fill it, empty it and put other things in place; handd then fails a call, never more.
#ifndef HANDD_RUNDIR_H
#define HANDD_RUNDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest path of the run directory. */
#define RUN_DIRECTORY_MAX 512

/** What the FIFO of a call holds: enough not to stop a fast writer for long; the kernel allows 1 MB. */
#define PIPE_BYTES (256 << 10)

/** Exits when the directory cannot be used. */
void rundir_begin(const char *path);
const char *rundir_path(void);

/** Makes `<number>.sh`; false, with errno, when it cannot. Makes room by removing strangers' files if it must. */
bool rundir_write_script(uint32_t number, const void *command, size_t length);
/** Makes the FIFO `<number>.pipe` and opens it for reading; -1, with errno. */
int rundir_open_pipe(uint32_t number);
/** Removes both. */
void rundir_remove_call(uint32_t number);

/** Makes `<number>.out`, the kept output of a call; -1, with errno. */
int rundir_open_output(uint32_t number);
void rundir_remove_output(uint32_t number);

#endif
