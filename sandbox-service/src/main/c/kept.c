#include "kept.h"

#include "rundir.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static struct file {
    uint32_t number;
    size_t length;
} files[KEPT_FILES_MAX];
/** Oldest first. */
static int count;
/** The newest file while it is written, else -1. */
static int writing = -1;

static void remove_oldest(void) {
    rundir_remove_output(files[0].number);
    memmove(files, files + 1, sizeof *files * (size_t) (--count));
}

static size_t in_all(void) {
    size_t sum = 0;
    for (int i = 0; i < count; i++) {
        sum += files[i].length;
    }
    return sum;
}

bool kept_begin(uint32_t number) {
    kept_end();
    if (count == KEPT_FILES_MAX) {
        remove_oldest();
    }
    writing = rundir_open_output(number);
    if (writing < 0) {
        return false;
    }
    files[count++] = (struct file) {number, 0};
    return true;
}

size_t kept_add(const void *data, size_t length) {
    if (writing < 0) {
        return 0;
    }
    struct file *newest = &files[count - 1];
    size_t room = KEPT_BYTES_MAX - newest->length;
    size_t wanted = length < room ? length : room;
    while (count > 1 && in_all() + wanted > KEPT_BYTES_MAX) {
        remove_oldest();
        newest = &files[count - 1];
    }
    size_t added = 0;
    while (added < wanted) {
        ssize_t written = write(writing, (const char *) data + added, wanted - added);
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            if (count == 1) {
                break;
            }
            remove_oldest();
            newest = &files[count - 1];
            continue;
        }
        added += (size_t) written;
    }
    newest->length += added;
    return added;
}

void kept_end(void) {
    if (writing >= 0) {
        close(writing);
        writing = -1;
    }
}

bool kept_has(uint32_t number) {
    for (int i = 0; i < count; i++) {
        if (files[i].number == number) {
            return true;
        }
    }
    return false;
}

void kept_clear(void) {
    while (count > (writing >= 0 ? 1 : 0)) {
        remove_oldest();
    }
}
