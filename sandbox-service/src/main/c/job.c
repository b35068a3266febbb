#include "job.h"

#include "bash.h"
#include "kill.h"
#include "loop.h"
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES (64u << 10)
/** What a pipe holds when nobody changes it. */
#define REST_BYTES (64u << 10)

static struct job {
    /** NULL when the place is free. */
    struct call *call;
    pid_t pid;
    int fd;
    bool is_program;
    uint32_t flags;
    uint32_t bytes_max;
    uint64_t total;
    struct bytes output;
} jobs[JOBS_MAX];

static uint8_t chunk[CHUNK_BYTES];

static struct job *free_job(void) {
    for (int i = 0; i < JOBS_MAX; i++) {
        if (jobs[i].call == NULL) {
            return &jobs[i];
        }
    }
    return NULL;
}

static void end_by_force(struct job *job, uint32_t flag) {
    if (job->flags == 0) {
        kill_tree(job->pid);
    }
    job->flags |= flag;
}

/** Returns whether there may be more. */
static bool take_chunk(struct job *job) {
    ssize_t length = read(job->fd, chunk, sizeof chunk);
    if (length <= 0) {
        return length < 0 && errno == EINTR;
    }
    size_t room = job->bytes_max - job->output.length;
    bytes_add(&job->output, chunk, (size_t) length < room ? (size_t) length : room);
    job->total += (uint64_t) length;
    if (job->total > (job->is_program ? EXEC_OUTPUT_COUNTED_MAX : job->bytes_max)) {
        end_by_force(job, OUTPUT_FULL);
    }
    return true;
}

static void readable(int fd, short events, void *of) {
    struct job *job = of;
    if (!take_chunk(job) && (events & POLLHUP) != 0) {
        loop_unwatch(fd);
    }
}

static void out_of_time(void *of) {
    end_by_force(of, TIMED_OUT);
}

static void cancel(void *of) {
    end_by_force(of, CANCELLED);
}

static void answer_program(struct call *call, const struct job *job, int status, struct bytes *output) {
    struct bytes payload = {0};
    bytes_add_u32(&payload, (uint32_t) status);
    bytes_add_u32(&payload, job->flags | (job->total > output->length ? OUTPUT_CUT : 0));
    bytes_add_u64(&payload, job->total);
    bytes_add_str(&payload, output->data, output->length);
    payload.failed |= output->failed;
    call_answer(call, DONE, &payload);
}

/** The child wrote a status and the payload. */
static void answer_function(struct call *call, const struct job *job, int status, struct bytes *output) {
    if ((job->flags & CANCELLED) != 0) {
        call_fail(call, ECANCELED, "cancelled");
    } else if ((job->flags & TIMED_OUT) != 0) {
        call_fail(call, ETIMEDOUT, "it took too long");
    } else if ((job->flags & OUTPUT_FULL) != 0) {
        call_fail(call, EFBIG, "the result is too large");
    } else if (status != 0 || output->length == 0) {
        call_fail(call, EIO, "it was killed, perhaps for want of memory");
    } else {
        enum status said = output->data[0] == DONE ? DONE : FAILED;
        bytes_drop(output, 1);
        call_answer(call, said, output);
    }
}

static void ended(pid_t pid, int status, void *of) {
    struct job *job = of;
    for (uint64_t before = job->total; job->total - before < REST_BYTES && take_chunk(job);) {
    }
    // What it left in its process group would go on for nobody.
    kill(-pid, SIGKILL);
    loop_unwatch(job->fd);
    close(job->fd);
    loop_not_at(out_of_time, job);
    struct call *call = job->call;
    struct bytes output = job->output;
    job->call = NULL;
    job->output = (struct bytes) {0};
    (job->is_program ? answer_program : answer_function)(call, job, status, &output);
    bytes_free(&output);
}

/** Forks; in the child, stdout and stderr are the pipe's end. -1 leaves nothing behind. */
static pid_t fork_job(struct job *job, struct call *call, uint32_t timeout_ms, uint32_t bytes_max, bool is_program) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    pid_t pid = fork_child();
    if (pid == 0) {
        dup2(ends[1], STDOUT_FILENO);
        dup2(ends[1], STDERR_FILENO);
        return 0;
    }
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return -1;
    }
    loop_child(pid, ended, job);
    *job = (struct job) {.call = call, .pid = pid, .fd = ends[0], .is_program = is_program, .bytes_max = bytes_max};
    fcntl(job->fd, F_SETFL, O_NONBLOCK);
    loop_watch(job->fd, POLLIN, readable, job);
    loop_at(now_ms() + timeout_ms, out_of_time, job);
    call_cancelled_by(call, cancel, job);
    return pid;
}

static void become(const struct program *program, int directory) {
    become_program();
    if (fchdir(directory) == 0) {
        execvpe(program->arguments[0], program->arguments, environment());
    }
    dprintf(STDERR_FILENO, "%s: %s\n", program->arguments[0], strerror(errno));
    _exit(errno == ENOENT ? 127 : 126);
}

bool job_exec(struct call *call, const struct program *program) {
    struct job *job = free_job();
    if (job == NULL) {
        return false;
    }
    int directory = open(program->directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) {
        call_fail(call, errno, strerror(errno));
        return true;
    }
    uint32_t bytes_max = program->output_bytes_max < EXEC_OUTPUT_BYTES_MAX ? program->output_bytes_max : EXEC_OUTPUT_BYTES_MAX;
    uint32_t timeout_ms = program->timeout_ms == 0 ? TIMEOUT_MS_DEFAULT : program->timeout_ms;
    pid_t pid = fork_job(job, call, timeout_ms < TIMEOUT_MS_MAX ? timeout_ms : TIMEOUT_MS_MAX, bytes_max, true);
    if (pid == 0) {
        become(program, directory);
    }
    close(directory);
    return pid > 0;
}

static bool write_whole(const uint8_t *data, size_t length) {
    while (length > 0) {
        ssize_t written = write(STDOUT_FILENO, data, length);
        if (written < 0 && errno != EINTR) {
            return false;
        }
        data += written > 0 ? written : 0;
        length -= written > 0 ? (size_t) written : 0;
    }
    return true;
}

bool job_function(struct call *call, enum status (*work)(const void *, struct bytes *), const void *of, uint32_t bytes_max) {
    struct job *job = free_job();
    if (job == NULL) {
        return false;
    }
    pid_t pid = fork_job(job, call, FUNCTION_TIMEOUT_MS, bytes_max + 1, false);
    if (pid == 0) {
        // The connection and the shell's pipes are not this child's to keep open.
        close_from(STDERR_FILENO + 1);
        struct bytes payload = {0};
        uint8_t status = (uint8_t) work(of, &payload);
        _exit(!payload.failed && write_whole(&status, 1) && write_whole(payload.data, payload.length) ? 0 : 1);
    }
    return pid > 0;
}
