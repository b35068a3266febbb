#include "waiting.h"

#include <string.h>

/** Oldest first. */
static struct waiting queue[BASH_WAITING_MAX];
static int count;
static size_t bytes_in_all;

bool waiting_add(struct call *call, uint32_t timeout_ms, uint8_t wishes, struct piece command) {
    if (count == BASH_WAITING_MAX || bytes_in_all + command.length > BASH_WAITING_BYTES_MAX) {
        return false;
    }
    struct waiting *last = &queue[count];
    *last = (struct waiting) {call, timeout_ms, wishes, {0}};
    bytes_add(&last->command, command.data, command.length);
    if (last->command.failed) {
        bytes_free(&last->command);
        return false;
    }
    count++;
    bytes_in_all += last->command.length;
    return true;
}

static struct waiting take(int at) {
    struct waiting taken = queue[at];
    count--;
    memmove(queue + at, queue + at + 1, sizeof *queue * (size_t) (count - at));
    bytes_in_all -= taken.command.length;
    return taken;
}

bool waiting_next(struct waiting *next) {
    if (count == 0) {
        return false;
    }
    *next = take(0);
    return true;
}

bool waiting_remove(const struct call *call) {
    for (int i = 0; i < count; i++) {
        if (queue[i].call == call) {
            struct waiting taken = take(i);
            bytes_free(&taken.command);
            return true;
        }
    }
    return false;
}
