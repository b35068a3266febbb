#include "output.h"

#include "kept.h"
#include "loop.h"
#include "rundir.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES (64u << 10)
/** FIFOs of ended calls that background jobs still hold; of more, the oldest are closed. */
#define LEFT_MAX 64
/** A background job that writes without end may cost a chunk in so many milliseconds, and then has to wait. */
#define LEFT_PAUSE_MS 10

static struct {
    int fd;
    uint32_t number;
    uint64_t total;
    bool keeping;
    bool full;
    uint8_t tail[OUTPUT_TAIL_BYTES];
} output = {.fd = -1};

static int left[LEFT_MAX];
static int left_count;
static uint8_t chunk[CHUNK_BYTES];

static void keep(const uint8_t *data, size_t length) {
    if (kept_add(data, length) < length) {
        output.full = true;
    }
}

/** The tail is a ring; what has been written is everything in it until it is full for the first time. */
static void begin_keeping(void) {
    output.keeping = kept_begin(output.number);
    output.full |= !output.keeping;
    if (output.keeping) {
        keep(output.tail, (size_t) output.total);
    }
}

static void take(const uint8_t *data, size_t length) {
    if (output.total + length > OUTPUT_TAIL_BYTES && !output.keeping && !output.full) {
        begin_keeping();
    }
    if (output.keeping && !output.full) {
        keep(data, length);
    }
    for (size_t i = 0; i < length;) {
        size_t at = (size_t) ((output.total + i) % OUTPUT_TAIL_BYTES);
        size_t run = OUTPUT_TAIL_BYTES - at < length - i ? OUTPUT_TAIL_BYTES - at : length - i;
        memcpy(output.tail + at, data + i, run);
        i += run;
    }
    output.total += length;
}

static void stop(void) {
    loop_unwatch(output.fd);
    close(output.fd);
    output.fd = -1;
}

/** Returns whether there may be more. */
static bool take_chunk(void) {
    ssize_t length = read(output.fd, chunk, sizeof chunk);
    if (length > 0) {
        take(chunk, (size_t) length);
        if (output.total >= OUTPUT_BYTES_MAX) {
            output.full = true;
            stop();
            return false;
        }
    }
    return length > 0;
}

static void readable(int fd, short events, void *of) {
    (void) of;
    if (!take_chunk() && output.fd == fd && (events & POLLHUP) != 0) {
        // The command has closed its output, perhaps to open it again: looked at once more at the end.
        loop_unwatch(fd);
    }
}

bool output_begin(uint32_t number) {
    output.fd = rundir_open_pipe(number);
    output.number = number;
    output.total = 0;
    output.keeping = output.full = false;
    if (output.fd < 0) {
        return false;
    }
    loop_watch(output.fd, POLLIN, readable, NULL);
    return true;
}

static void drain_left(int fd, short events, void *of);

static void resume_left(void *of) {
    (void) of;
    for (int i = 0; i < left_count; i++) {
        loop_watch(left[i], POLLIN, drain_left, NULL);
    }
}

static void close_left(int at) {
    loop_unwatch(left[at]);
    close(left[at]);
    left_count--;
    memmove(left + at, left + at + 1, sizeof *left * (size_t) (left_count - at));
}

static void drain_left(int fd, short events, void *of) {
    (void) events;
    (void) of;
    ssize_t length = read(fd, chunk, sizeof chunk);
    if (length == 0 || (length < 0 && errno != EAGAIN && errno != EINTR)) {
        for (int i = 0; i < left_count; i++) {
            if (left[i] == fd) {
                close_left(i);
                return;
            }
        }
    } else if (length > 0) {
        loop_unwatch(fd);
        loop_at(now_ms() + LEFT_PAUSE_MS, resume_left, NULL);
    }
}

void output_end(void) {
    // What it held when we began is no more than it holds; a background job may write on and on.
    uint64_t before = output.total;
    while (output.fd >= 0 && output.total - before < PIPE_BYTES && take_chunk()) {
    }
    if (output.fd >= 0) {
        struct pollfd writers = {output.fd, POLLIN, 0};
        if (poll(&writers, 1, 0) == 1 && writers.revents == POLLHUP) {
            stop();
        } else {
            if (left_count == LEFT_MAX) {
                close_left(0);
            }
            left[left_count++] = output.fd;
            loop_watch(output.fd, POLLIN, drain_left, NULL);
            output.fd = -1;
        }
    }
    kept_end();
}

uint64_t output_total(void) {
    return output.total;
}

bool output_full(void) {
    return output.full;
}

bool output_kept(void) {
    return output.keeping;
}

void output_add_tail(struct bytes *answer) {
    size_t length = output.total < OUTPUT_TAIL_BYTES ? (size_t) output.total : OUTPUT_TAIL_BYTES;
    size_t from = output.total <= OUTPUT_TAIL_BYTES ? 0 : (size_t) (output.total % OUTPUT_TAIL_BYTES);
    bytes_add_u32(answer, (uint32_t) length);
    bytes_add(answer, output.tail + from, length - from);
    bytes_add(answer, output.tail, length - (length - from));
}
