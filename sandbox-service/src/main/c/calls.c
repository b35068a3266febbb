#include "calls.h"

#include "link.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024
/** The same call asked for again and again on one connection. */
#define WAITING_MAX 8

struct call {
    struct call *next_in_bucket;
    /** In the order of their answers. */
    struct call *older;
    struct call *newer;
    void (*cancel)(void *of);
    void *of;
    struct bytes answer;
    enum status status;
    bool answered;
    uint8_t id_length;
    uint8_t waiting_count;
    uint32_t waiting[WAITING_MAX];
    uint8_t id[CALL_ID_MAX];
};

static struct call *buckets[BUCKETS];
static struct call *oldest;
static struct call *newest;
static size_t kept_count;
static size_t kept_bytes;

static struct call **bucket_of(struct piece id) {
    uint32_t hash = 2166136261u; // FNV-1a; the ids come from the service, not from the sandbox
    for (size_t i = 0; i < id.length; i++) {
        hash = (hash ^ id.data[i]) * 16777619u;
    }
    return &buckets[hash % BUCKETS];
}

struct call *call_find(struct piece id) {
    struct call *call = *bucket_of(id);
    while (call != NULL && (call->id_length != id.length || memcmp(call->id, id.data, id.length) != 0)) {
        call = call->next_in_bucket;
    }
    return call;
}

struct call *call_new(struct piece id) {
    struct call *call = calloc(1, sizeof *call);
    if (call == NULL) {
        return NULL;
    }
    call->id_length = (uint8_t) id.length;
    memcpy(call->id, id.data, id.length);
    struct call **bucket = bucket_of(id);
    call->next_in_bucket = *bucket;
    *bucket = call;
    return call;
}

static void remove_call(struct call *call) {
    struct call **link = bucket_of((struct piece) {call->id, call->id_length});
    while (*link != call) {
        link = &(*link)->next_in_bucket;
    }
    *link = call->next_in_bucket;
    if (call->answered) {
        *(call->older == NULL ? &oldest : &call->older->newer) = call->newer;
        *(call->newer == NULL ? &newest : &call->newer->older) = call->older;
        kept_count--;
        kept_bytes -= call->answer.length;
    }
    bytes_free(&call->answer);
    free(call);
}

void call_withdraw(struct call *call) {
    remove_call(call);
}

void call_cancelled_by(struct call *call, void (*cancel)(void *), void *of) {
    call->cancel = cancel;
    call->of = of;
}

void call_cancel(struct call *call) {
    if (!call->answered && call->cancel != NULL) {
        call->cancel(call->of);
    }
}

bool call_wait(struct call *call, uint32_t tag) {
    if (call->answered) {
        link_send(tag, (uint8_t) call->status, call->answer.data, call->answer.length);
        return true;
    }
    if (call->waiting_count == WAITING_MAX) {
        return false;
    }
    call->waiting[call->waiting_count++] = tag;
    return true;
}

void call_answer(struct call *call, enum status status, struct bytes *payload) {
    if (payload->failed) {
        bytes_free(payload);
        add_failure(payload, 12 /* ENOMEM */, "handd is out of memory");
        status = FAILED;
    }
    call->status = status;
    call->answer = *payload;
    *payload = (struct bytes) {0};
    call->answered = true;
    call->older = newest;
    *(newest == NULL ? &oldest : &newest->newer) = call;
    newest = call;
    kept_count++;
    kept_bytes += call->answer.length;
    for (int i = 0; i < call->waiting_count; i++) {
        link_send(call->waiting[i], (uint8_t) status, call->answer.data, call->answer.length);
    }
    call->waiting_count = 0;
    while (kept_count > CALLS_KEPT_MAX || (kept_bytes > CALLS_KEPT_BYTES_MAX && kept_count > 1)) {
        remove_call(oldest);
    }
}

void add_failure(struct bytes *payload, int error, const char *message) {
    bytes_add_u32(payload, (uint32_t) error);
    bytes_add_text(payload, message);
}

void call_fail(struct call *call, int error, const char *message) {
    struct bytes payload = {0};
    add_failure(&payload, error, message);
    call_answer(call, FAILED, &payload);
}

void call_forget(struct call *call) {
    if (call->answered) {
        remove_call(call);
    }
}

void calls_nobody_waits(void) {
    for (int i = 0; i < BUCKETS; i++) {
        for (struct call *call = buckets[i]; call != NULL; call = call->next_in_bucket) {
            call->waiting_count = 0;
        }
    }
}
