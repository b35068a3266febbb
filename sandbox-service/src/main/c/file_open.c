#include "file_open.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

/** As the kernel's own limit. */
#define LINKS_MAX 40
#define TEMPORARY_TRIES 16

static int irregular(mode_t mode) {
    return S_ISDIR(mode) ? EISDIR : EINVAL;
}

int open_regular(const char *path, struct stat *status) {
    // Looked at before it is opened, because opening a device can do something; looked at again, because it may have changed.
    if (stat(path, status) != 0) {
        return -1;
    }
    if (!S_ISREG(status->st_mode)) {
        errno = irregular(status->st_mode);
        return -1;
    }
    // Not blocking: somebody may hold a lease, which would make this wait for 45 seconds.
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, status) != 0 || !S_ISREG(status->st_mode))) {
        close(fd);
        errno = irregular(status->st_mode);
        return -1;
    }
    return fd;
}

/** Follows the links that the last part of the path is, to a file or to nothing. */
static int follow(const char *path, char target[PATH_MAX]) {
    if (snprintf(target, PATH_MAX, "%s", path) >= PATH_MAX) {
        return ENAMETOOLONG;
    }
    for (int links = 0; links < LINKS_MAX; links++) {
        char link[PATH_MAX];
        ssize_t length = readlink(target, link, sizeof link - 1);
        if (length < 0) {
            return errno == EINVAL || errno == ENOENT ? 0 : errno;
        }
        link[length] = 0;
        char *name = strrchr(target, '/') + 1;
        size_t directory = link[0] == '/' ? 0 : (size_t) (name - target);
        if (directory + (size_t) length >= PATH_MAX) {
            return ENAMETOOLONG;
        }
        memcpy(target + directory, link, (size_t) length + 1);
    }
    return ELOOP;
}

static int make_parents(const char *path) {
    char directory[PATH_MAX];
    snprintf(directory, sizeof directory, "%s", path);
    for (char *at = strchr(directory + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = 0;
        if (mkdir(directory, 0755) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES) {
            return errno;
        }
        *at = '/';
    }
    return 0;
}

static int write_whole(int fd, const uint8_t *data, size_t length) {
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        data += written > 0 ? written : 0;
        length -= written > 0 ? (size_t) written : 0;
    }
    return 0;
}

static int make_temporary(const char *target, char temporary[PATH_MAX]) {
    static unsigned last;
    int directory = (int) (strrchr(target, '/') - target);
    int fd = -1;
    for (int i = 0; fd < 0 && i < TEMPORARY_TRIES; i++) {
        if (snprintf(temporary, PATH_MAX, "%.*s/.handd-%d-%u", directory, target, (int) getpid(), ++last) >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && errno != EEXIST) {
            return -1;
        }
    }
    return fd;
}

/** By rename: whoever reads meanwhile sees the old file or the new one, and a full disk leaves the old one. */
static int rename_over(const char *target, const struct stat *old, const void *content, size_t length) {
    char temporary[PATH_MAX];
    int fd = make_temporary(target, temporary);
    if (fd < 0) {
        return errno;
    }
    int error = write_whole(fd, content, length);
    mode_t mode = old == NULL ? 0644 : old->st_mode & 07777;
    if (error == 0 && old != NULL && old->st_uid != geteuid() && fchown(fd, old->st_uid, old->st_gid) != 0) {
        error = EPERM;
    }
    if (error == 0 && fchmod(fd, mode) != 0) {
        error = errno;
    }
    if (close(fd) != 0 && error == 0) {
        error = errno;
    }
    if (error == 0 && rename(temporary, target) != 0) {
        error = errno;
    }
    if (error != 0) {
        unlink(temporary);
    }
    return error;
}

static int overwrite(const char *target, const void *content, size_t length) {
    int fd = open(target, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0) {
        return errno;
    }
    struct stat status;
    int error = fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ? EINVAL : write_whole(fd, content, length);
    if (error == 0 && ftruncate(fd, (off_t) length) != 0) {
        error = errno;
    }
    close(fd);
    return error;
}

/** What lies in /proc and /sys is no file: among it are handd's own memory and settings. */
static bool is_kernel_interface(const char *path) {
    struct statfs system;
    return statfs(path, &system) == 0 && (system.f_type == PROC_SUPER_MAGIC || system.f_type == SYSFS_MAGIC);
}

int replace_file(const char *path, const void *content, size_t length, bool *created) {
    char target[PATH_MAX];
    struct stat status;
    int error = path[strlen(path) - 1] == '/' ? EISDIR : follow(path, target);
    if (error != 0) {
        return error;
    }
    *created = lstat(target, &status) != 0;
    if (*created) {
        if (errno != ENOENT) {
            return errno;
        }
        error = make_parents(target);
        return error != 0 ? error : rename_over(target, NULL, content, length);
    }
    if (!S_ISREG(status.st_mode)) {
        return irregular(status.st_mode);
    }
    if (is_kernel_interface(target)) {
        return EACCES;
    }
    if (faccessat(AT_FDCWD, target, W_OK, AT_EACCESS) != 0) {
        return errno;
    }
    error = rename_over(target, &status, content, length);
    // The directory is closed to us, or the file is a mount: it can still be written to.
    if (error == EACCES || error == EPERM || error == EROFS || error == EBUSY) {
        error = overwrite(target, content, length);
    }
    return error;
}

const char *file_error(int error) {
    switch (error) {
        case ENOENT: return "no such file or directory";
        case EISDIR: return "is a directory";
        case ENOTDIR: return "not a directory";
        case ELOOP: return "too many symbolic links";
        case ENAMETOOLONG: return "the name is too long";
        case EFBIG: return "the file is too large";
        case EINVAL: return "is not a regular file";
        case EACCES: return "permission denied";
        case EROFS: return "the file system is read-only";
        case ENOSPC: return "no space is left";
        case EWOULDBLOCK: return "somebody holds a lease on the file";
        default: return strerror(error);
    }
}
