// The persistent shell: one bash (or sh) that sources a file for every call and says when it is done.
#ifndef HANDD_SHELL_H
#define HANDD_SHELL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define PATH_LENGTH_MAX 4095

/** What a shell tells its owner. Neither is called from within the functions below. */
struct shell_owner {
    /** The call numbered so is done, or somebody in the sandbox says so. */
    void (*answered)(uint32_t number, int status);
    /** The shell is gone. */
    void (*died)(int status);
};

void shell_begin(const char *directory, const struct shell_owner *owner);

/** Starts one in `shell_directory`. False, with errno, when there can be no process now. */
bool shell_start(void);
/** 0 when there is none. */
pid_t shell_pid(void);
/** The shell has to source `<run directory>/<number>.sh`, all output going into the FIFO `<run directory>/<number>.pipe`. */
bool shell_ask(uint32_t number);
/** Kills it and forgets it; `died` is not called. */
void shell_abandon(void);

/** Where the shell stands, or stood when it was last looked at. */
const char *shell_directory(void);
void shell_look_where_it_stands(void);
/** Where the next one starts; NULL for where the first one did. */
void shell_go_to(const char *directory);

#endif
