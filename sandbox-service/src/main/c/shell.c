// The shell reads its script from a pipe: one line for every call, so that it waits in read(2) between calls and nothing polls.
// The line is outside of any loop and any function, so `break`, `return` and `declare` in a call do what they do in a script.
#include "shell.h"

#include "loop.h"
#include "process.h"
#include "rundir.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** sh takes descriptors of one digit only. */
struct flavour {
    const char *program;
    const char *arguments[5];
    int answer_fd;
    const char *preamble;
};

#define SCRIPT_FD 8
static const struct flavour flavours[] = {
    {"/bin/bash", {"bash", "--norc", "--noprofile", "/dev/fd/8", NULL}, 250, "exec 8<&-; BASH_ARGV0=bash; shopt -s expand_aliases\n"},
    {"/usr/bin/bash", {"bash", "--norc", "--noprofile", "/dev/fd/8", NULL}, 250, "exec 8<&-; BASH_ARGV0=bash; shopt -s expand_aliases\n"},
    {"/bin/sh", {"sh", "/dev/fd/8", NULL}, 9, "exec 8<&-\n"},
};

static const struct shell_owner *owner;
static char start_directory[PATH_LENGTH_MAX + 1];
static char directory[PATH_LENGTH_MAX + 1];
static pid_t pid;
static int script_fd = -1;
static int answer_fd = -1;
static const struct flavour *flavour;
static char answer[32];
static size_t answer_length;

void shell_begin(const char *where, const struct shell_owner *whose) {
    owner = whose;
    snprintf(start_directory, sizeof start_directory, "%s", where);
    shell_go_to(NULL);
}

pid_t shell_pid(void) {
    return pid;
}

const char *shell_directory(void) {
    return directory;
}

void shell_go_to(const char *where) {
    snprintf(directory, sizeof directory, "%s", where == NULL ? start_directory : where);
}

void shell_look_where_it_stands(void) {
    char link[32];
    char target[PATH_LENGTH_MAX + 1];
    snprintf(link, sizeof link, "/proc/%d/cwd", (int) pid);
    ssize_t length = pid == 0 ? -1 : readlink(link, target, sizeof target - 1);
    if (length > 0 && target[0] == '/') {
        target[length] = 0;
        shell_go_to(target);
    }
}

static void forget(void) {
    loop_unwatch(answer_fd);
    close(script_fd);
    close(answer_fd);
    script_fd = answer_fd = -1;
    pid = 0;
}

static void ended(pid_t child, int status, void *of) {
    (void) child;
    (void) of;
    forget();
    owner->died(status);
}

void shell_abandon(void) {
    if (pid != 0) {
        loop_not_child(pid);
        kill(pid, SIGKILL);
        forget();
    }
}

/**
 * A line is "number status"; it follows an empty one, which ends what somebody else wrote. Anybody in the sandbox may write here.
 */
static void take_line(void) {
    unsigned number;
    unsigned status;
    int end = 0;
    answer[answer_length] = 0;
    if (sscanf(answer, "%9u %3u%n", &number, &status, &end) == 2 && (size_t) end == answer_length && status <= 255) {
        owner->answered(number, (int) status);
    }
}

static void readable(int fd, short events, void *of) {
    (void) events;
    (void) of;
    char chunk[512];
    ssize_t length = read(fd, chunk, sizeof chunk);
    for (ssize_t i = 0; i < length && fd == answer_fd; i++) {
        if (chunk[i] == '\n') {
            take_line();
            answer_length = 0;
        } else if (answer_length < sizeof answer - 1) {
            answer[answer_length++] = chunk[i];
        }
    }
    if (length == 0) {
        loop_unwatch(fd);
    }
}

/** In the child. */
static void become_shell(int script, int answers) {
    become_program();
    if (chdir(directory) != 0 && chdir(start_directory) != 0 && chdir("/") != 0) {
        _exit(126);
    }
    // Out of the way first: either may already be where the other one has to go.
    script = fcntl(script, F_DUPFD_CLOEXEC, SCRIPT_FD + 2);
    answers = fcntl(answers, F_DUPFD_CLOEXEC, SCRIPT_FD + 2);
    if (dup2(script, SCRIPT_FD) < 0 || dup2(answers, flavour->answer_fd) < 0) {
        _exit(126);
    }
    execve(flavour->program, (char *const *) (uintptr_t) flavour->arguments, environment());
    _exit(127);
}

static const struct flavour *choose(void) {
    size_t last = sizeof flavours / sizeof *flavours - 1;
    for (size_t i = 0; i < last; i++) {
        if (access(flavours[i].program, X_OK) == 0) {
            return &flavours[i];
        }
    }
    return &flavours[last];
}

static bool say(const char *line, size_t length) {
    return write(script_fd, line, length) == (ssize_t) length;
}

bool shell_start(void) {
    int script[2];
    int answers[2];
    flavour = choose();
    if (pipe2(script, O_CLOEXEC) != 0) {
        return false;
    }
    if (pipe2(answers, O_CLOEXEC) != 0) {
        int error = errno;
        close(script[0]);
        close(script[1]);
        errno = error;
        return false;
    }
    pid_t child = fork_child();
    if (child == 0) {
        become_shell(script[0], answers[1]);
    }
    int error = errno;
    close(script[0]);
    close(answers[1]);
    if (child < 0) {
        close(script[1]);
        close(answers[0]);
        errno = error;
        return false;
    }
    loop_child(child, ended, NULL);
    pid = child;
    script_fd = script[1];
    answer_fd = answers[0];
    answer_length = 0;
    fcntl(script_fd, F_SETFL, O_NONBLOCK);
    fcntl(answer_fd, F_SETFL, O_NONBLOCK);
    loop_watch(answer_fd, POLLIN, readable, NULL);
    say(flavour->preamble, strlen(flavour->preamble));
    return true;
}

bool shell_ask(uint32_t number) {
    char line[3 * RUN_DIRECTORY_MAX];
    const char *run = rundir_path();
    // The backslashes pass by aliases, `command` by functions. The descriptor for answers is closed to what the call runs.
    int length = snprintf(line, sizeof line, "\\. '%s/%u.sh' </dev/null >'%s/%u.pipe' 2>&1 %d>&-;\\command printf '\\n%u %%s\\n' \"$?\" >&%d\n",
            run, number, run, number, flavour->answer_fd, number, flavour->answer_fd);
    return length < (int) sizeof line && say(line, (size_t) length);
}
