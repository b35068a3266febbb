#include "bash.h"

#include "kill.h"
#include "loop.h"
#include "output.h"
#include "rundir.h"
#include "shell.h"
#include "waiting.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/** From then on, everything in the sandbox has to go. */
#define KILL_ALL_AFTER_MS 400
/** From then on with one blow, which no fork escapes. */
#define KILL_AT_ONCE_AFTER_MS 800
/** Then the call ends whatever is left. */
#define GIVE_UP_AFTER_MS 2000
#define KILL_PAUSE_MS 4
/** Processes that there has to be room for after a call ended by force. */
#define ROOM 8
#define KILLED (128 + SIGKILL)

/** The call whose turn it is. CLEARING makes way for a new shell; ENDING ends a call that ran out of time or was cancelled. */
static struct {
    enum { IDLE, CLEARING, RUNNING, ENDING } phase;
    struct waiting asked;
    uint32_t number;
    uint32_t flags;
    int exit;
    struct moment began;
    int64_t ending_since;
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
    current.phase = IDLE;
    call_answer(call, status, payload);
    next_call();
}

static void fail(int error, const char *message) {
    struct bytes payload = {0};
    add_failure(&payload, error, message);
    finish_with(FAILED, &payload);
}

static void add_result(struct bytes *payload, int exit, uint32_t flags, uint64_t total, const char *kept) {
    bytes_add_u32(payload, (uint32_t) exit);
    bytes_add_u32(payload, flags);
    bytes_add_u64(payload, total);
    bytes_add_text(payload, shell_directory());
    bytes_add_text(payload, kept);
}

/** The answer of a call that ran. */
static void finish(void) {
    output_end();
    rundir_remove_call(current.number);
    shell_look_where_it_stands();
    uint64_t total = output_total();
    uint32_t flags = current.flags | (total > OUTPUT_TAIL_BYTES ? OUTPUT_CUT : 0) | (output_full() ? OUTPUT_FULL : 0);
    char kept[RUN_DIRECTORY_MAX + 16] = "";
    if (output_kept()) {
        snprintf(kept, sizeof kept, "%s/%u.out", rundir_path(), current.number);
    }
    struct bytes payload = {0};
    add_result(&payload, current.exit, flags, total, kept);
    output_add_tail(&payload);
    if (shell_pid() == 0) {
        shell_start();
    }
    finish_with(DONE, &payload);
}

static struct bytes empty_result(int exit, uint32_t flags) {
    struct bytes payload = {0};
    add_result(&payload, exit, flags, 0, "");
    bytes_add_text(&payload, "");
    return payload;
}

static void finish_empty(int exit, uint32_t flags) {
    struct bytes payload = empty_result(exit, flags);
    finish_with(DONE, &payload);
}

static void shell_answered(uint32_t number, int status) {
    if (current.phase == RUNNING && number == current.number) {
        current.exit = status;
        finish();
    }
}

static void shell_died(int status) {
    if (current.phase == IDLE) {
        replaced_unsaid = true;
    } else if (current.phase == RUNNING) {
        current.flags |= SHELL_REPLACED;
        current.exit = status;
        finish();
    }
}

/** Whether there is room for a shell and a pipeline: what earlier calls left running may have taken it all. */
static bool is_room(void) {
    pid_t probes[ROOM];
    int count = 0;
    while (count < ROOM && (probes[count] = fork()) >= 0) {
        if (probes[count] == 0) {
            pause();
            _exit(0);
        }
        count++;
    }
    for (int i = 0; i < count; i++) {
        kill(probes[i], SIGKILL);
    }
    return count == ROOM;
}

/** Kills what is left, harder and harder. True when there is nothing left, or no hope. */
static bool kill_more(bool all) {
    int64_t spent = now_ms() - current.ending_since;
    enum kill_scope scope = all || spent >= KILL_ALL_AFTER_MS ? KILL_ALL : KILL_YOUNGER;
    int alive = kill_processes(scope, current.began, shell_pid());
    if (alive > 0 && spent >= KILL_AT_ONCE_AFTER_MS && getpid() == 1) {
        kill(-1, SIGKILL);
    }
    return alive == 0 || spent >= GIVE_UP_AFTER_MS;
}

static void end_more(void *of) {
    (void) of;
    int64_t spent = now_ms() - current.ending_since;
    bool gone = kill_more(false);
    if (gone && (spent >= KILL_ALL_AFTER_MS || is_room())) {
        shell_look_where_it_stands();
        shell_abandon();
        current.flags |= SHELL_REPLACED;
        current.exit = KILLED;
        finish();
    } else {
        loop_at(now_ms() + KILL_PAUSE_MS, end_more, NULL);
    }
}

static void begin_ending(uint32_t flag) {
    loop_not_at(out_of_time, NULL);
    current.phase = ENDING;
    current.flags |= flag;
    current.ending_since = now_ms();
    // It would go on with the rest of the command once what it waits for is dead, so it stands still until all is.
    if (shell_pid() != 0) {
        kill(shell_pid(), SIGSTOP);
    }
    end_more(NULL);
}

static void out_of_time(void *of) {
    (void) of;
    begin_ending(TIMED_OUT);
}

/** Puts the command and the FIFO of its output where the shell finds them. */
static bool prepare(void) {
    const struct bytes *command = &current.asked.command;
    if (rundir_write_script(current.number, command->data, command->length) && output_begin(current.number)) {
        bytes_free(&current.asked.command);
        return true;
    }
    int error = errno;
    rundir_remove_call(current.number);
    char message[RUN_DIRECTORY_MAX + 128];
    snprintf(message, sizeof message, "the command cannot be put into %s: %s", rundir_path(), strerror(error));
    fail(error, message);
    return false;
}

static void run(void) {
    current.number = ++last_number;
    current.flags = replaced_unsaid ? SHELL_REPLACED : 0;
    if (shell_pid() == 0 && !shell_start()) {
        fail(ENOMEM, "no process can be started, perhaps because the sandbox has as many as it may; a new shell ends them all");
        return;
    }
    if (!prepare()) {
        return;
    }
    replaced_unsaid = false;
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
    if (!kill_more(true)) {
        loop_at(now_ms() + KILL_PAUSE_MS, clear_more, NULL);
        return;
    }
    shell_go_to(NULL);
    replaced_unsaid = false;
    if (!shell_start()) {
        fail(ENOMEM, "a new shell cannot be started");
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
    if (current.phase != IDLE || !waiting_next(&current.asked)) {
        return;
    }
    if ((current.asked.wishes & NEW_SHELL) != 0) {
        begin_clearing();
    } else if ((current.asked.wishes & NO_COMMAND) != 0) {
        finish_empty(0, 0);
    } else {
        run();
    }
}

static void cancel(void *of) {
    struct call *call = of;
    if (waiting_remove(call)) {
        struct bytes payload = empty_result(KILLED, CANCELLED);
        call_answer(call, DONE, &payload);
    } else if (current.phase == RUNNING) {
        begin_ending(CANCELLED);
    } else {
        current.flags |= CANCELLED;
    }
}

void bash_begin(const char *directory) {
    static const struct shell_owner owner = {shell_answered, shell_died};
    shell_begin(directory, &owner);
    shell_start();
}

bool bash_call(struct call *call, uint32_t timeout_ms, uint8_t wishes, struct piece command) {
    uint32_t timeout = timeout_ms == 0 ? TIMEOUT_MS_DEFAULT : timeout_ms < TIMEOUT_MS_MAX ? timeout_ms : TIMEOUT_MS_MAX;
    if (!waiting_add(call, timeout, wishes, command)) {
        return false;
    }
    call_cancelled_by(call, cancel, call);
    next_call();
    return true;
}
