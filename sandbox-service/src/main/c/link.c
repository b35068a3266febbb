#include "link.h"

#include "bytes.h"
#include "calls.h"
#include "lockdown.h"
#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define VERSION 1
#define REDIAL_MS 50
#define READ_BYTES (64u << 10)
/** With so much unsent, nothing more is read: the service has to take its answers first. */
#define UNSENT_BYTES_PAUSE (1u << 20)
/** With so much unsent, the connection ends: the answers are kept and can be asked for again. */
#define UNSENT_BYTES_MAX (2 * FRAME_BYTES_MAX)
/** Buffers that grew beyond it are given back when they are empty. */
#define IDLE_BYTES_MAX (256u << 10)

static struct sockaddr_un address = {.sun_family = AF_UNIX};
static void (*asked)(uint32_t, uint8_t, const uint8_t *, size_t);
static int64_t alone_ms_max;
static int64_t alone_since;
static int fd = -1;
/** Ended, but to be closed when no function of this file is under way. */
static bool broken;
static struct bytes received;
static struct bytes unsent;
/** How much of `unsent` has gone. */
static size_t sent;

static void dial(void *of);
static void ready(int of_fd, short events, void *of);

static void give_back(struct bytes *bytes) {
    if (bytes->length == 0 && bytes->capacity > IDLE_BYTES_MAX) {
        bytes_free(bytes);
    }
}

static void hang_up(void) {
    loop_unwatch(fd);
    close(fd);
    fd = -1;
    broken = false;
    bytes_free(&received);
    bytes_free(&unsent);
    sent = 0;
    calls_nobody_waits();
    alone_since = now_ms();
    loop_at(alone_since + REDIAL_MS, dial, NULL);
}

static bool paused(void) {
    return unsent.length - sent > UNSENT_BYTES_PAUSE;
}

static void watch(void) {
    loop_watch(fd, (short) ((paused() ? 0 : POLLIN) | (unsent.length > sent ? POLLOUT : 0)), ready, NULL);
}

static void send_some(void) {
    while (!broken && sent < unsent.length) {
        ssize_t length = send(fd, unsent.data + sent, unsent.length - sent, MSG_NOSIGNAL);
        if (length > 0) {
            sent += (size_t) length;
        } else if (errno == EAGAIN) {
            return;
        } else if (errno != EINTR) {
            broken = true;
        }
    }
    unsent.length = sent = 0;
    give_back(&unsent);
}

void link_send(uint32_t tag, uint8_t status, const void *payload, size_t length) {
    if (fd < 0 || broken) {
        return;
    }
    if (length > FRAME_BYTES_MAX - FRAME_HEAD_BYTES || unsent.length - sent + length > UNSENT_BYTES_MAX) {
        broken = true;
    } else {
        if (sent > unsent.length / 2) {
            bytes_drop(&unsent, sent);
            sent = 0;
        }
        bytes_add_u32(&unsent, (uint32_t) (FRAME_HEAD_BYTES + length));
        bytes_add_u32(&unsent, tag);
        bytes_add_u8(&unsent, status);
        bytes_add(&unsent, payload, length);
        broken = unsent.failed;
        send_some();
    }
    // Not hung up here: whoever sends may be in the middle of the received frames.
    if (broken) {
        shutdown(fd, SHUT_RDWR);
    }
    watch();
}

/** Asks for every whole frame there is, as long as the answers go. */
static void take_frames(void) {
    size_t at = 0;
    while (!broken && !paused() && received.length - at >= 4) {
        size_t length = u32_at(received.data + at);
        if (length < FRAME_HEAD_BYTES || length > FRAME_BYTES_MAX) {
            broken = true;
        } else if (received.length - at - 4 < length) {
            break;
        } else {
            const uint8_t *frame = received.data + at + 4;
            asked(u32_at(frame), frame[4], frame + FRAME_HEAD_BYTES, length - FRAME_HEAD_BYTES);
            at += 4 + length;
        }
    }
    bytes_drop(&received, at);
    give_back(&received);
}

static void receive(void) {
    if (!bytes_reserve(&received, READ_BYTES)) {
        broken = true;
        return;
    }
    ssize_t length = recv(fd, received.data + received.length, received.capacity - received.length, 0);
    if (length > 0) {
        received.length += (size_t) length;
        take_frames();
    } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
        broken = true;
    }
}

static void ready(int of_fd, short events, void *of) {
    (void) of_fd;
    (void) of;
    if ((events & POLLOUT) != 0) {
        send_some();
        take_frames();
    }
    if (!broken && (events & (POLLIN | POLLHUP | POLLERR)) != 0) {
        receive();
    }
    if (broken) {
        hang_up();
    } else {
        watch();
    }
}

static void dial(void *of) {
    (void) of;
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *) &address, sizeof address) != 0) {
        if (fd >= 0) {
            close(fd);
        }
        fd = -1;
        int64_t now = now_ms();
        if (alone_ms_max > 0 && now - alone_since >= alone_ms_max) {
            fprintf(stderr, "handd: nobody to work for\n");
            loop_end();
        } else {
            loop_at(now + REDIAL_MS, dial, NULL);
        }
        return;
    }
    struct bytes hello = {0};
    bytes_add_u32(&hello, VERSION);
    bytes_add_text(&hello, nonce());
    link_send(0, 0, hello.data, hello.length);
    bytes_free(&hello);
}

void link_begin(const char *socket_path, int64_t alone_at_most, void (*whom)(uint32_t, uint8_t, const uint8_t *, size_t)) {
    if (strlen(socket_path) >= sizeof address.sun_path) {
        fprintf(stderr, "handd: the socket's path is longer than %zu bytes\n", sizeof address.sun_path - 1);
        exit(2);
    }
    snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path);
    asked = whom;
    alone_ms_max = alone_at_most;
    alone_since = now_ms();
    dial(NULL);
}
