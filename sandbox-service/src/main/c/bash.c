#include "bash.h"

#include "kept.h"
#include "loop.h"
#include "output.h"
#include "process.h"
#include "rundir.h"
#include "shell.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** How long a shell whose command has been killed may take to say so. */
#define SHELL_ANSWERS_MS 150
/** From then on, everything in the sandbox has to go. */
#define KILL_ALL_AFTER_MS 400
/** Then the call ends whatever is left. */
#define GIVE_UP_AFTER_MS 2000
#define KILL_PAUSE_MS 4
#define KILLED (128 + SIGKILL)

struct waiting {
    struct call *call;
    uint32_t timeout_ms;
    uint8_t wishes;
    struct bytes command;
};

/** Oldest first. */
static struct waiting queue[BASH_WAITING_MAX];
static int queue_length;
static size_t queue_bytes;

enum phase { IDLE, CLEARING, RUNNING, ENDING };

/** The call whose turn it is. CLEARING makes way for a new shell; ENDING ends a call that ran out of time or was cancelled. */
static struct {
    enum phase phase;
    struct waiting asked;
    uint32_t number;
    uint32_t flags;
    int exit;
    struct moment began;
    int64_t ending_since;
    /** The shell has answered or died. */
    bool over;
} current;

/** A shell died between two calls: the next answer says so. */
static bool replaced_unsaid;
static uint32_t last_number;

static void next_call(void);
static void out_of_time(void *of);
static void end_more(void *of);

static void finish_with(enum status status, struct bytes *payload) {
    struct call *call = current.asked.call;
    loop_not_at(out_of_time, NULL);
    loop_not_at(end_more, NULL);
    bytes_free(&current.asked.command);
    current.asked.call = NULL;
    current.phase = IDLE;
    call_answer(call, status, payload);
    next_call();
}

static void fail(int error, const char *message) {
    struct bytes payload = {0};
    add_failure(&payload, error, message);
    finish_with(FAILED, &payload);
}

static void add_result(struct bytes *payload, int exit, uint32_t flags) {
    bytes_add_u32(payload, (uint32_t) exit);
    bytes_add_u32(payload, flags);
}

/** The answer of a call that ran. */
static void finish(void) {
    output_end();
    rundir_remove_call(current.number);
    shell_look_where_it_stands();
    uint32_t flags = current.flags | (output_total() > OUTPUT_TAIL_BYTES ? OUTPUT_CUT : 0) | (output_full() ? OUTPUT_FULL : 0);
    struct bytes payload = {0};
    add_result(&payload, current.exit, flags);
    bytes_add_u64(&payload, output_total());
    bytes_add_text(&payload, shell_directory());
    char kept[RUN_DIRECTORY_MAX + 16];
    snprintf(kept, sizeof kept, "%s/%u.out", rundir_path(), current.number);
    bytes_add_text(&payload, output_kept() ? kept : "");
    output_add_tail(&payload);
    if (shell_pid() == 0) {
        shell_start();
    }
    finish_with(DONE, &payload);
}

/** The answer of a call without a command, or of one that never began. */
static void finish_empty(int exit, uint32_t flags) {
    struct bytes payload = {0};
    add_result(&payload, exit, flags);
    bytes_add_u64(&payload, 0);
    bytes_add_text(&payload, shell_directory());
    bytes_add_text(&payload, "");
    bytes_add_text(&payload, "");
    finish_with(DONE, &payload);
}

static void answered(uint32_t number, int status) {
    if ((current.phase != RUNNING && current.phase != ENDING) || number != current.number || current.over) {
        return;
    }
    current.exit = status;
    current.over = true;
    if (current.phase == RUNNING) {
        finish();
    }
}

static void died(int status) {
    if (current.phase == CLEARING) {
        return;
    }
    if (current.phase == IDLE) {
        replaced_unsaid = true;
        return;
    }
    current.flags |= SHELL_REPLACED;
    current.exit = current.over ? current.exit : status;
    current.over = true;
    if (current.phase == RUNNING) {
        finish();
    }
}

/** Whether the kernel still lets us have processes: a fork bomb of an earlier call may hold them all. */
static bool can_fork(void) {
    pid_t pid = fork();
    if (pid == 0) {
        _exit(0);
    }
    return pid > 0;
}

/** Kills what is left, harder and harder. True when there is nothing left, or no hope. */
static bool kill_more(int64_t since, bool all) {
    int64_t spent = now_ms() - since;
    bool harder = all || spent >= KILL_ALL_AFTER_MS;
    int alive = processes_kill(harder ? KILL_ALL : KILL_YOUNGER, current.began, shell_pid());
    if (alive > 0 && spent >= 2 * KILL_ALL_AFTER_MS && getpid() == 1) {
        kill(-1, SIGKILL);
    }
    return alive == 0 || spent >= GIVE_UP_AFTER_MS;
}

static void end_more(void *of) {
    (void) of;
    bool gone = kill_more(current.ending_since, false);
    int64_t spent = now_ms() - current.ending_since;
    if (!current.over && spent >= SHELL_ANSWERS_MS) {
        // It goes on with the rest of the command. Its own variables are lost with it; nothing else ends a script for sure.
        shell_look_where_it_stands();
        shell_abandon();
        current.flags |= SHELL_REPLACED;
        current.exit = KILLED;
        current.over = true;
    }
    if (current.over && gone && (spent >= KILL_ALL_AFTER_MS || can_fork())) {
        finish();
    } else {
        loop_at(now_ms() + (spent < KILL_ALL_AFTER_MS && gone && current.over ? KILL_ALL_AFTER_MS - spent : KILL_PAUSE_MS),
                end_more, NULL);
    }
}

static void begin_ending(uint32_t flag) {
    loop_not_at(out_of_time, NULL);
    current.phase = ENDING;
    current.flags |= flag;
    current.ending_since = now_ms();
    end_more(NULL);
}

static void out_of_time(void *of) {
    (void) of;
    begin_ending(TIMED_OUT);
}

/** Gives the shell its command. */
static void run(void) {
    current.number = ++last_number;
    current.flags = replaced_unsaid ? SHELL_REPLACED : 0;
    replaced_unsaid = false;
    current.over = false;
    if (shell_pid() == 0 && !shell_start()) {
        fail(errno, "no process can be started: the sandbox's process limit is reached; restart the shell to end them all");
        return;
    }
    if (!rundir_write_script(current.number, current.asked.command.data, current.asked.command.length)
            || !output_begin(current.number)) {
        int error = errno;
        rundir_remove_call(current.number);
        char message[RUN_DIRECTORY_MAX + 128];
        snprintf(message, sizeof message, "the command cannot be put into %s: %s", rundir_path(), strerror(error));
        fail(error, message);
        return;
    }
    bytes_free(&current.asked.command);
    current.began = moment_now();
    current.phase = RUNNING;
    loop_at(now_ms() + current.asked.timeout_ms, out_of_time, NULL);
    if (!shell_ask(current.number)) {
        // It has not emptied its pipe of lines: it is not reading any more.
        begin_ending(0);
    }
}

static void clear_more(void *of) {
    (void) of;
    if (!kill_more(current.ending_since, true)) {
        loop_at(now_ms() + KILL_PAUSE_MS, clear_more, NULL);
        return;
    }
    shell_go_to(NULL);
    replaced_unsaid = false;
    if (!shell_start()) {
        fail(errno, "a new shell cannot be started");
    } else if ((current.flags & CANCELLED) != 0) {
        finish_empty(KILLED, CANCELLED);
    } else if ((current.asked.wishes & NO_COMMAND) != 0) {
        finish_empty(0, 0);
    } else {
        run();
    }
}

static void begin_clearing(void) {
    current.phase = CLEARING;
    current.flags = 0;
    current.ending_since = now_ms();
    shell_abandon();
    clear_more(NULL);
}

static void next_call(void) {
    while (current.asked.call == NULL && queue_length > 0) {
        current.asked = queue[0];
        memmove(queue, queue + 1, sizeof *queue * (size_t) --queue_length);
        queue_bytes -= current.asked.command.length;
        if ((current.asked.wishes & NEW_SHELL) != 0) {
            begin_clearing();
        } else if ((current.asked.wishes & NO_COMMAND) != 0) {
            finish_empty(0, 0);
        } else {
            run();
        }
    }
}

static void cancel(void *of) {
    struct call *call = of;
    if (current.asked.call == call) {
        if (current.phase == RUNNING) {
            begin_ending(CANCELLED);
        } else {
            current.flags |= CANCELLED;
        }
        return;
    }
    for (int i = 0; i < queue_length; i++) {
        if (queue[i].call == call) {
            queue_bytes -= queue[i].command.length;
            bytes_free(&queue[i].command);
            memmove(queue + i, queue + i + 1, sizeof *queue * (size_t) (--queue_length - i));
            struct bytes payload = {0};
            add_result(&payload, KILLED, CANCELLED);
            bytes_add_u64(&payload, 0);
            bytes_add_text(&payload, shell_directory());
            bytes_add_text(&payload, "");
            bytes_add_text(&payload, "");
            call_answer(call, DONE, &payload);
            return;
        }
    }
}

void bash_begin(const char *directory) {
    static const struct shell_owner owner = {answered, died};
    shell_begin(directory, &owner);
    shell_start();
}

bool bash_call(struct call *call, uint32_t timeout_ms, uint8_t wishes, struct piece command) {
    if (queue_length == BASH_WAITING_MAX || queue_bytes + command.length > BASH_WAITING_BYTES_MAX) {
        return false;
    }
    uint32_t timeout = timeout_ms == 0 ? TIMEOUT_MS_DEFAULT : timeout_ms < TIMEOUT_MS_MAX ? timeout_ms : TIMEOUT_MS_MAX;
    struct waiting *last = &queue[queue_length];
    *last = (struct waiting) {call, timeout, wishes, {0}};
    bytes_add(&last->command, command.data, command.length);
    bytes_add(&last->command, "\n", 1);
    if (last->command.failed) {
        bytes_free(&last->command);
        return false;
    }
    queue_length++;
    queue_bytes += last->command.length;
    call_cancelled_by(call, cancel, call);
    next_call();
    return true;
}
