// Bash calls whose turn has not come.
#ifndef HANDD_WAITING_H
#define HANDD_WAITING_H

#include "bytes.h"
#include "calls.h"

#include <stdbool.h>
#include <stdint.h>

#define BASH_WAITING_MAX 64
/** Of the commands of all that wait. */
#define BASH_WAITING_BYTES_MAX (16u << 20)

struct waiting {
    struct call *call;
    uint32_t timeout_ms;
    uint8_t wishes;
    struct bytes command;
};

/** False when too many wait, or there is no memory. */
bool waiting_add(struct call *call, uint32_t timeout_ms, uint8_t wishes, struct piece command);
/** Takes the oldest out; its command is the caller's to free. False when none waits. */
bool waiting_next(struct waiting *next);
/** Takes this one out for good. False when it does not wait. */
bool waiting_remove(const struct call *call);

#endif
