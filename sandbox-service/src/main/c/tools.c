#include "tools.h"

#include "bash.h"
#include "bytes.h"
#include "calls.h"
#include "file.h"
#include "glob.h"
#include "job.h"
#include "link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX 256
#define ARGUMENT_BYTES_MAX 65536
#define ALL_ARGUMENTS_BYTES_MAX (1u << 20)

enum kind { PING = 1, CALL = 2, ATTACH = 3, FORGET = 4, CANCEL = 5 };
enum tool { BASH = 1, READ = 2, WRITE = 3, EDIT = 4, GLOB = 5, EXEC = 6 };

/** What came of a tool's fields. */
enum outcome {
    /** The call has been answered or will be. */
    TAKEN,
    /** Its fields are not those of the tool. */
    FIELDS_WRONG,
    /** Too much is under way. */
    BUSY,
};

static void refuse(uint32_t tag, const char *message) {
    struct bytes payload = {0};
    bytes_add_text(&payload, message);
    link_send(tag, NO_SENSE, payload.data, payload.length);
    bytes_free(&payload);
}

/** What is too long for the system is left to it: that is an error for the model, not for the service. */
static char *read_path(struct reader *fields) {
    char *path = read_text(fields, ARGUMENT_BYTES_MAX);
    if (path != NULL && path[0] != '/') {
        fields->failed = true;
    }
    return path;
}

static enum outcome run_bash(struct call *call, struct reader *fields) {
    uint32_t timeout_ms = read_u32(fields);
    uint8_t wishes = read_u8(fields);
    struct piece command = read_str(fields);
    if (!reader_done(fields) || wishes > (NEW_SHELL | NO_COMMAND) || memchr(command.data, 0, command.length) != NULL) {
        return FIELDS_WRONG;
    }
    if (command.length > BASH_COMMAND_BYTES_MAX) {
        call_fail(call, E2BIG, "the command is longer than 1 MB");
        return TAKEN;
    }
    return bash_call(call, timeout_ms, wishes, command) ? TAKEN : BUSY;
}

static enum outcome run_read(struct call *call, struct reader *fields) {
    char *path = read_path(fields);
    struct selection selection = {path, read_u32(fields), 0, 0};
    selection.last = read_u32(fields);
    selection.bytes_max = read_u32(fields);
    enum outcome outcome = FIELDS_WRONG;
    if (reader_done(fields) && file_read_is_long(&selection)) {
        outcome = job_function(call, file_read, &selection, READ_BYTES_MAX + 64) ? TAKEN : BUSY;
    } else if (reader_done(fields)) {
        struct bytes payload = {0};
        enum status status = file_read(&selection, &payload);
        call_answer(call, status, &payload);
        outcome = TAKEN;
    }
    free(path);
    return outcome;
}

static enum outcome run_write(struct call *call, struct reader *fields) {
    char *path = read_path(fields);
    struct piece content = read_str(fields);
    enum outcome outcome = FIELDS_WRONG;
    if (reader_done(fields)) {
        struct bytes payload = {0};
        enum status status = file_write(path, content, &payload);
        call_answer(call, status, &payload);
        outcome = TAKEN;
    }
    free(path);
    return outcome;
}

static enum outcome run_edit(struct call *call, struct reader *fields) {
    char *path = read_path(fields);
    struct edit edit = {.path = path, .all = read_u8(fields) != 0};
    edit.bytes_max = read_u32(fields);
    edit.old = read_str(fields);
    edit.replacement = read_str(fields);
    enum outcome outcome = FIELDS_WRONG;
    if (reader_done(fields) && edit.old.length > 0) {
        struct bytes payload = {0};
        enum status status = file_edit(&edit, &payload);
        call_answer(call, status, &payload);
        outcome = TAKEN;
    }
    free(path);
    return outcome;
}

static enum outcome run_glob(struct call *call, struct reader *fields) {
    char *directory = read_path(fields);
    char *pattern = read_text(fields, ARGUMENT_BYTES_MAX);
    struct glob glob = {directory, pattern, read_u32(fields)};
    enum outcome outcome = FIELDS_WRONG;
    if (reader_done(fields)) {
        outcome = job_function(call, glob_files, &glob, GLOB_ANSWER_BYTES_MAX) ? TAKEN : BUSY;
    }
    free(directory);
    free(pattern);
    return outcome;
}

static enum outcome run_exec(struct call *call, struct reader *fields) {
    char *arguments[ARGUMENTS_MAX + 1] = {NULL};
    if (fields->left > ALL_ARGUMENTS_BYTES_MAX) {
        return FIELDS_WRONG;
    }
    uint32_t timeout_ms = read_u32(fields);
    char *directory = read_path(fields);
    uint32_t count = read_u32(fields);
    fields->failed |= count == 0 || count > ARGUMENTS_MAX;
    for (uint32_t i = 0; i < count && !fields->failed; i++) {
        arguments[i] = read_argument(fields, ARGUMENT_BYTES_MAX);
    }
    struct program program = {arguments, directory, timeout_ms, read_u32(fields)};
    enum outcome outcome = FIELDS_WRONG;
    if (reader_done(fields)) {
        outcome = job_exec(call, &program) ? TAKEN : BUSY;
    }
    for (int i = 0; arguments[i] != NULL; i++) {
        free(arguments[i]);
    }
    free(directory);
    return outcome;
}

static enum outcome run(struct call *call, struct reader *fields) {
    switch ((enum tool) read_u8(fields)) {
        case BASH: return run_bash(call, fields);
        case READ: return run_read(call, fields);
        case WRITE: return run_write(call, fields);
        case EDIT: return run_edit(call, fields);
        case GLOB: return run_glob(call, fields);
        case EXEC: return run_exec(call, fields);
    }
    return FIELDS_WRONG;
}

static void send_busy(uint32_t tag, int error, const char *message) {
    struct bytes payload = {0};
    add_failure(&payload, error, message);
    link_send(tag, FAILED, payload.data, payload.length);
    bytes_free(&payload);
}

static void wait_for(struct call *call, uint32_t tag) {
    if (!call_wait(call, tag)) {
        send_busy(tag, EAGAIN, "too many wait for this call already");
    }
}

static void start(uint32_t tag, struct piece id, struct reader *fields) {
    struct call *call = call_new(id);
    if (call == NULL) {
        send_busy(tag, ENOMEM, "handd is out of memory");
        return;
    }
    call_wait(call, tag);
    // A tool may answer at once and its call be evicted, so `call` is good only when it was not taken.
    switch (run(call, fields)) {
        case TAKEN:
            break;
        case FIELDS_WRONG:
            call_withdraw(call);
            refuse(tag, "not the fields of a tool");
            break;
        case BUSY:
            call_withdraw(call);
            send_busy(tag, EAGAIN, "too many calls are under way; ask again later");
            break;
    }
}

static void call_kind(uint32_t tag, enum kind kind, struct reader *fields) {
    struct piece id = read_str(fields);
    if (fields->failed || id.length == 0 || id.length > CALL_ID_MAX || (kind != CALL && fields->left > 0)) {
        refuse(tag, "not a call id of 1 to 128 bytes");
        return;
    }
    struct call *call = call_find(id);
    switch (kind) {
        case CALL:
            call == NULL ? start(tag, id, fields) : wait_for(call, tag);
            break;
        case ATTACH:
            call == NULL ? link_send(tag, UNKNOWN_CALL, NULL, 0) : wait_for(call, tag);
            break;
        case FORGET:
            if (call != NULL) {
                call_forget(call);
            }
            link_send(tag, DONE, NULL, 0);
            break;
        case CANCEL:
            link_send(tag, DONE, NULL, 0);
            if (call != NULL) {
                call_cancel(call);
            }
            break;
        case PING:
            break;
    }
}

void asked(uint32_t tag, uint8_t kind, const uint8_t *payload, size_t length) {
    struct reader fields = {payload, length, false};
    if (kind == PING) {
        link_send(tag, DONE, payload, length);
    } else if (kind >= CALL && kind <= CANCEL) {
        call_kind(tag, (enum kind) kind, &fields);
    } else {
        refuse(tag, "unknown kind");
    }
}
