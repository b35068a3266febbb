// Bash calls: one after the other in the persistent shell, each with its end, however it behaves.
#ifndef HANDD_BASH_H
#define HANDD_BASH_H

#include "bytes.h"
#include "calls.h"

#include <stdbool.h>
#include <stdint.h>

#define BASH_COMMAND_BYTES_MAX (1u << 20)
/** Of bash and exec, when the service names none. */
#define TIMEOUT_MS_DEFAULT 120000u
#define TIMEOUT_MS_MAX 21600000u

enum bash_wish { NEW_SHELL = 1, NO_COMMAND = 2 };
/** Of the answers of bash and exec. */
enum result_flag { TIMED_OUT = 1, OUTPUT_CUT = 2, SHELL_REPLACED = 4, CANCELLED = 8, OUTPUT_FULL = 16 };

/** Starts the first shell. */
void bash_begin(const char *directory);
/** Runs the command when its turn comes. False when too many wait; the call is untouched then. */
bool bash_call(struct call *call, uint32_t timeout_ms, uint8_t wishes, struct piece command);

#endif
