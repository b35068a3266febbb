#include "loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILDREN_MAX 64

static struct pollfd polled[WATCHES_MAX];
static struct watch {
    void (*ready)(int fd, short events, void *of);
    void *of;
} watches[WATCHES_MAX];
static int watch_count;

static struct timer {
    int64_t at;
    void (*due)(void *of);
    void *of;
} timers[TIMERS_MAX];
static int timer_count;

static struct child {
    pid_t pid;
    void (*ended)(pid_t child, int status, void *of);
    void *of;
} children[CHILDREN_MAX];
static int child_count;

static bool ending;

/** The limits of the callers make this impossible; going on would lose an answer silently. */
static void refuse_overflow(bool full, const char *what) {
    if (full) {
        fprintf(stderr, "handd: more %s than it has room for\n", what);
        abort();
    }
}

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static int watch_of(int fd) {
    for (int i = 0; i < watch_count; i++) {
        if (polled[i].fd == fd) {
            return i;
        }
    }
    return -1;
}

void loop_watch(int fd, short events, void (*ready)(int, short, void *), void *of) {
    int at = watch_of(fd);
    if (at < 0) {
        refuse_overflow(watch_count == WATCHES_MAX, "descriptors");
        at = watch_count++;
        polled[at].revents = 0;
    }
    polled[at].fd = fd;
    polled[at].events = events;
    watches[at] = (struct watch) {ready, of};
}

void loop_unwatch(int fd) {
    int at = watch_of(fd);
    if (at >= 0) {
        watch_count--;
        polled[at] = polled[watch_count];
        watches[at] = watches[watch_count];
    }
}

void loop_not_at(void (*due)(void *), void *of) {
    for (int i = 0; i < timer_count; i++) {
        if (timers[i].due == due && timers[i].of == of) {
            timers[i] = timers[--timer_count];
            return;
        }
    }
}

void loop_at(int64_t at, void (*due)(void *), void *of) {
    loop_not_at(due, of);
    refuse_overflow(timer_count == TIMERS_MAX, "timers");
    timers[timer_count++] = (struct timer) {at, due, of};
}

void loop_child(pid_t pid, void (*ended)(pid_t, int, void *), void *of) {
    refuse_overflow(child_count == CHILDREN_MAX, "children");
    children[child_count++] = (struct child) {pid, ended, of};
}

void loop_not_child(pid_t pid) {
    for (int i = 0; i < child_count; i++) {
        if (children[i].pid == pid) {
            children[i] = children[--child_count];
            return;
        }
    }
}

bool loop_knows_child(pid_t pid) {
    for (int i = 0; i < child_count; i++) {
        if (children[i].pid == pid) {
            return true;
        }
    }
    return false;
}

static void reap(void) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        for (int i = 0; i < child_count; i++) {
            if (children[i].pid == pid) {
                struct child child = children[i];
                children[i] = children[--child_count];
                child.ended(pid, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), child.of);
                break;
            }
        }
    }
}

static void signalled(int fd, short events, void *of) {
    (void) events;
    (void) of;
    struct signalfd_siginfo info;
    bool child_ended = false;
    while (read(fd, &info, sizeof info) == (ssize_t) sizeof info) {
        child_ended |= info.ssi_signo == SIGCHLD;
        ending |= info.ssi_signo != SIGCHLD;
    }
    if (child_ended) {
        reap();
    }
}

void loop_begin(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    int fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        perror("handd: signalfd");
        exit(1);
    }
    loop_watch(fd, POLLIN, signalled, NULL);
}

static int until_next_timer(void) {
    int64_t next = INT64_MAX;
    for (int i = 0; i < timer_count; i++) {
        next = timers[i].at < next ? timers[i].at : next;
    }
    if (next == INT64_MAX) {
        return -1;
    }
    int64_t wait = next - now_ms();
    return wait < 0 ? 0 : wait > 3600000 ? 3600000 : (int) wait;
}

static void run_due_timers(void) {
    int64_t now = now_ms();
    for (int i = 0; i < timer_count;) {
        if (timers[i].at <= now) {
            struct timer timer = timers[i];
            timers[i] = timers[--timer_count];
            timer.due(timer.of);
            i = 0;
        } else {
            i++;
        }
    }
}

void loop_run(void) {
    while (!ending) {
        int ready = poll(polled, (nfds_t) watch_count, until_next_timer());
        if (ready < 0 && errno != EINTR) {
            perror("handd: poll");
            exit(1);
        }
        // A callback may watch and unwatch, which moves entries: each descriptor's event is taken before it is called.
        for (int i = 0; ready > 0 && i < watch_count; i++) {
            short events = polled[i].revents;
            if (events != 0) {
                polled[i].revents = 0;
                watches[i].ready(polled[i].fd, events, watches[i].of);
                i = -1;
            }
        }
        run_due_timers();
    }
}

void loop_end(void) {
    ending = true;
}
