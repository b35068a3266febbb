#include "rundir.h"

#include "kept.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[RUN_DIRECTORY_MAX];
static int directory = -1;

void rundir_begin(const char *given) {
    if (strlen(given) >= sizeof path || given[0] != '/' || strpbrk(given, "'\n") != NULL) {
        fprintf(stderr, "handd: the run directory must be absolute, shorter than %zu bytes, without quotes\n", sizeof path);
        exit(2);
    }
    snprintf(path, sizeof path, "%s", given);
    directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0 || faccessat(directory, ".", W_OK, AT_EACCESS) != 0) {
        fprintf(stderr, "handd: run directory %s: %s\n", path, strerror(errno));
        exit(2);
    }
}

const char *rundir_path(void) {
    return path;
}

static const char *name(uint32_t number, const char *suffix) {
    static char text[32];
    snprintf(text, sizeof text, "%u.%s", number, suffix);
    return text;
}

/** Makes a new file; what a stranger put under its name goes. */
static int make(const char *file) {
    int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(directory, file, flags, 0600);
    if (fd < 0 && errno == EEXIST && unlinkat(directory, file, 0) == 0) {
        fd = openat(directory, file, flags, 0600);
    }
    return fd;
}

static bool write_whole(const char *file, const uint8_t *data, size_t length) {
    int fd = make(file);
    if (fd < 0) {
        return false;
    }
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno != EINTR) {
            int error = errno;
            close(fd);
            unlinkat(directory, file, 0);
            errno = error;
            return false;
        }
        data += written > 0 ? written : 0;
        length -= written > 0 ? (size_t) written : 0;
    }
    close(fd);
    return true;
}

/** Everything here that is no kept output was left by somebody else. */
static void remove_strangers(void) {
    int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *entries = fd < 0 ? NULL : fdopendir(fd);
    if (entries == NULL) {
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(entries)) != NULL) {
        char *end;
        unsigned long number = strtoul(entry->d_name, &end, 10);
        if (strcmp(end, ".out") != 0 || number > UINT32_MAX || !kept_has((uint32_t) number)) {
            unlinkat(directory, entry->d_name, 0);
        }
    }
    closedir(entries);
}

bool rundir_write_script(uint32_t number, const void *command, size_t length) {
    if (write_whole(name(number, "sh"), command, length)) {
        return true;
    }
    if (errno != ENOSPC && errno != EDQUOT) {
        return false;
    }
    remove_strangers();
    if (write_whole(name(number, "sh"), command, length)) {
        return true;
    }
    kept_clear();
    return write_whole(name(number, "sh"), command, length);
}

int rundir_open_pipe(uint32_t number) {
    const char *file = name(number, "pipe");
    if (mkfifoat(directory, file, 0600) != 0
            && (errno != EEXIST || unlinkat(directory, file, 0) != 0 || mkfifoat(directory, file, 0600) != 0)) {
        return -1;
    }
    int fd = openat(directory, file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (fd >= 0 && (fstat(fd, &status) != 0 || !S_ISFIFO(status.st_mode))) {
        close(fd);
        errno = EINVAL;
        return -1;
    }
    if (fd >= 0) {
        fcntl(fd, F_SETPIPE_SZ, PIPE_BYTES);
    }
    return fd;
}

void rundir_remove_call(uint32_t number) {
    unlinkat(directory, name(number, "sh"), 0);
    unlinkat(directory, name(number, "pipe"), 0);
}

int rundir_open_output(uint32_t number) {
    return make(name(number, "out"));
}

void rundir_remove_output(uint32_t number) {
    unlinkat(directory, name(number, "out"), 0);
}
