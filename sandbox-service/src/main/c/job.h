// Work outside of the loop: a program, or a function of handd's in a child of its own, so that nothing slow blocks other calls.
#ifndef HANDD_JOB_H
#define HANDD_JOB_H

#include "bytes.h"
#include "calls.h"

#include <stdbool.h>
#include <stdint.h>

/** Programs and functions that run at the same time. */
#define JOBS_MAX 16
#define EXEC_OUTPUT_BYTES_MAX (4u << 20)
/** An output is counted so far; then the program is killed. */
#define EXEC_OUTPUT_COUNTED_MAX (64u << 20)
#define FUNCTION_TIMEOUT_MS 30000u

/** What exec asks for; `arguments` ends with NULL. */
struct program {
    char *const *arguments;
    const char *directory;
    uint32_t timeout_ms;
    uint32_t output_bytes_max;
};

/** Runs it and answers the call. False when too many run, or no process can be started; the call is untouched then. */
bool job_exec(struct call *call, const struct program *program);

/**
 * Runs `work(of, payload)` in a forked child and answers the call with its status and payload, `bytes_max` at most.
 * False when too many run, or no process can be started; the call is untouched then.
 */
bool job_function(struct call *call, enum status (*work)(const void *of, struct bytes *payload), const void *of,
        uint32_t bytes_max);

#endif
