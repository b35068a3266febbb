// Calls by the service's id: a call runs once, and its answer is kept until the service says that it has it.
#ifndef HANDD_CALLS_H
#define HANDD_CALLS_H

#include "bytes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALL_ID_MAX 128
#define CALLS_KEPT_MAX 1024
#define CALLS_KEPT_BYTES_MAX (64u << 20)

enum status { DONE = 0, FAILED = 1, UNKNOWN_CALL = 2, NO_SENSE = 3 };

struct call;

/** NULL when unknown. */
struct call *call_find(struct piece id);
/** The caller has made sure that it is unknown. NULL without memory. */
struct call *call_new(struct piece id);
/** A call that came to nothing: it is as if it had never been asked. */
void call_withdraw(struct call *call);

/** What ends the call early; `cancel(of)` leads to an answer, at once or soon. */
void call_cancelled_by(struct call *call, void (*cancel)(void *of), void *of);
void call_cancel(struct call *call);

/** The answer goes to this tag of the current connection: now, or when there is one. False when too many wait already. */
bool call_wait(struct call *call, uint32_t tag);
/** Takes the payload over. The call may be gone afterwards. */
void call_answer(struct call *call, enum status status, struct bytes *payload);
/** Answers FAILED with errno `error` and a message for the model. */
void call_fail(struct call *call, int error, const char *message);
/** Adds the payload of a FAILED. */
void add_failure(struct bytes *payload, int error, const char *message);

/** Drops a finished call. */
void call_forget(struct call *call);
/** The connection has ended: nobody waits. */
void calls_nobody_waits(void);

#endif
