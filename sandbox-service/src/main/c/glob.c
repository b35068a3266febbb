#include "glob.h"

#include "file_open.h"
#include "pattern.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum flag { MORE = 1, GAVE_UP = 2 };

struct found {
    struct timespec changed;
    char *path;
};

struct walk {
    struct pattern pattern;
    /** The newest so far: up to twice paths_max, then the older half goes. */
    struct found *found;
    uint32_t found_count;
    uint32_t paths_max;
    uint32_t flags;
    int depth_max;
    int entries;
    char path[PATH_MAX];
    /** Where the part of the path begins that the pattern is about. */
    size_t relative;
};

/** Newest first; of the same age, by name, so that the answer does not depend on the file system. */
static int by_age(const void *left, const void *right) {
    const struct found *one = left;
    const struct found *other = right;
    if (one->changed.tv_sec != other->changed.tv_sec) {
        return one->changed.tv_sec > other->changed.tv_sec ? -1 : 1;
    }
    if (one->changed.tv_nsec != other->changed.tv_nsec) {
        return one->changed.tv_nsec > other->changed.tv_nsec ? -1 : 1;
    }
    return strcmp(one->path, other->path);
}

static void keep_newest(struct walk *walk) {
    qsort(walk->found, walk->found_count, sizeof *walk->found, by_age);
    while (walk->found_count > walk->paths_max) {
        free(walk->found[--walk->found_count].path);
        walk->flags |= MORE;
    }
}

static void add(struct walk *walk, const struct stat *status) {
    if (walk->found_count == 2 * walk->paths_max) {
        keep_newest(walk);
    }
    char *path = strdup(walk->path);
    if (path == NULL) {
        walk->flags |= GAVE_UP;
        return;
    }
    walk->found[walk->found_count++] = (struct found) {status->st_mtim, path};
}

static bool passed_by(const char *name) {
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, ".git") == 0 || strcmp(name, "node_modules") == 0;
}

static void visit_directory(struct walk *walk, int fd, size_t length, int depth);

static void visit(struct walk *walk, int directory, const struct dirent *entry, size_t length, int depth) {
    struct stat status;
    bool may_be_directory = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
    bool may_be_file = entry->d_type == DT_REG || entry->d_type == DT_UNKNOWN;
    if (may_be_directory) {
        // Symbolic links are not followed, so there are no circles.
        int fd = openat(directory, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            visit_directory(walk, fd, length, depth + 1);
            return;
        }
    }
    if (may_be_file && pattern_matches(&walk->pattern, walk->path + walk->relative)
            && fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode)) {
        add(walk, &status);
    }
}

/** `length` of walk->path is the directory's. */
static void visit_directory(struct walk *walk, int fd, size_t length, int depth) {
    DIR *directory = depth > walk->depth_max ? NULL : fdopendir(fd);
    if (directory == NULL) {
        close(fd);
        walk->flags |= depth > DEPTH_MAX ? GAVE_UP : 0;
        return;
    }
    const struct dirent *entry;
    while ((entry = readdir(directory)) != NULL) {
        size_t name_length = strlen(entry->d_name);
        if (passed_by(entry->d_name)) {
            continue;
        }
        if (walk->entries++ == GLOB_ENTRIES_MAX || length + 1 + name_length >= sizeof walk->path) {
            walk->flags |= GAVE_UP;
            break;
        }
        walk->path[length] = '/';
        memcpy(walk->path + length + 1, entry->d_name, name_length + 1);
        visit(walk, fd, entry, length + 1 + name_length, depth);
        if (walk->entries > GLOB_ENTRIES_MAX) {
            break;
        }
    }
    closedir(directory);
}

static void answer(struct walk *walk, struct bytes *payload) {
    keep_newest(walk);
    struct bytes paths = {0};
    uint32_t count = 0;
    while (count < walk->found_count && paths.length < GLOB_ANSWER_BYTES_MAX - PATH_MAX - 32) {
        bytes_add_text(&paths, walk->found[count++].path);
    }
    bytes_add_u32(payload, walk->flags | (count < walk->found_count ? MORE : 0));
    bytes_add_u32(payload, count);
    bytes_add(payload, paths.data, paths.length);
    payload->failed |= paths.failed;
    bytes_free(&paths);
}

static enum status refused(struct bytes *payload, int error, const char *what, const char *why) {
    char message[512];
    snprintf(message, sizeof message, "%.400s: %s", what, why);
    add_failure(payload, error, message);
    return FAILED;
}

/** Goes straight to the directory below which everything is that can match. */
static int open_beginning(struct walk *walk, const struct glob *glob, size_t *length) {
    size_t fixed = pattern_fixed_length(&walk->pattern);
    *length = (size_t) snprintf(walk->path, sizeof walk->path, "%s/%.*s", glob->directory, (int) fixed, glob->pattern);
    if (*length >= sizeof walk->path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int fd = open(walk->path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
    walk->relative = strlen(glob->directory) + 1;
    while (*length > 0 && walk->path[*length - 1] == '/') {
        *length -= 1;
    }
    return fd;
}

/** Else with errno. */
static bool is_directory(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0) {
        return false;
    }
    errno = ENOTDIR;
    return S_ISDIR(status.st_mode);
}

static enum status search(struct walk *walk, const struct glob *glob, struct bytes *payload) {
    size_t length;
    int fd = open_beginning(walk, glob, &length);
    // A beginning that is not there is only a pattern that nothing matches.
    if (fd < 0 && (pattern_fixed_length(&walk->pattern) == 0 || !is_directory(glob->directory))) {
        return refused(payload, errno, glob->directory, file_error(errno));
    }
    if (fd >= 0) {
        walk->depth_max = pattern_names_max(&walk->pattern);
        visit_directory(walk, fd, length, 1);
    }
    answer(walk, payload);
    return DONE;
}

enum status glob_files(const void *of, struct bytes *payload) {
    struct glob glob = *(const struct glob *) of;
    char directory[PATH_MAX];
    struct walk walk = {.paths_max = glob.paths_max < GLOB_PATHS_MAX ? glob.paths_max : GLOB_PATHS_MAX};
    if (snprintf(directory, sizeof directory, "%s", glob.directory) >= (int) sizeof directory) {
        return refused(payload, ENAMETOOLONG, glob.directory, file_error(ENAMETOOLONG));
    }
    for (size_t end = strlen(directory); end > 0 && directory[end - 1] == '/';) {
        directory[--end] = 0;
    }
    glob.directory = directory;
    walk.found = calloc(2 * (size_t) walk.paths_max + 1, sizeof *walk.found);
    if (walk.found == NULL || walk.paths_max == 0 || !pattern_parse(&walk.pattern, glob.pattern)) {
        free(walk.found);
        pattern_free(&walk.pattern);
        return refused(payload, EINVAL, glob.pattern, "the pattern is too long or has too many alternatives");
    }
    enum status status = search(&walk, &glob, payload);
    while (walk.found_count > 0) {
        free(walk.found[--walk.found_count].path);
    }
    free(walk.found);
    pattern_free(&walk.pattern);
    return status;
}
