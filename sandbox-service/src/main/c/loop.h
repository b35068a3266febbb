// The one thread: waits for file descriptors, timers and ended children, and calls back.
#ifndef HANDD_LOOP_H
#define HANDD_LOOP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/** At most this many descriptors are watched at once; the limits of calls and outputs stay below it. */
#define WATCHES_MAX 192
#define TIMERS_MAX 96

/** Milliseconds of a clock that is never set. */
int64_t now_ms(void);

/** `events` as poll's. Watching a watched descriptor again changes what is waited for. */
void loop_watch(int fd, short events, void (*ready)(int fd, short events, void *of), void *of);
void loop_unwatch(int fd);

/** Calls `due(of)` once, at `at` or soon after; a timer that is set again moves. */
void loop_at(int64_t at, void (*due)(void *of), void *of);
void loop_not_at(void (*due)(void *of), void *of);

/** Calls `ended` when the child has been reaped; `status` is 0 to 255, or 128 + signal. Every other child is reaped too. */
void loop_child(pid_t child, void (*ended)(pid_t child, int status, void *of), void *of);
void loop_not_child(pid_t child);

/** Whether it is a child somebody waits for here. */
bool loop_knows_child(pid_t child);

/** Never returns before a SIGTERM or SIGINT arrived, or loop_end was called. */
void loop_begin(void);
void loop_run(void);
void loop_end(void);

#endif
