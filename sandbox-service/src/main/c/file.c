#include "file.h"

#include "file_open.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_BYTES (64u << 10)
/** Looking for a line in more than that is left to a child. */
#define LONG_BYTES (4 << 20)
#define CUT 1

static enum status failed(struct bytes *payload, int error, const char *path) {
    char message[512];
    snprintf(message, sizeof message, "%.400s: %s", path, file_error(error));
    add_failure(payload, error, message);
    return FAILED;
}

bool file_read_is_long(const struct selection *selection) {
    struct stat status;
    // Files of the kernel have no size, and some no end.
    return selection->first > 1 && stat(selection->path, &status) == 0
            && (status.st_size > LONG_BYTES || status.st_size == 0);
}

/** Reads lines as they come, remembering those asked for. */
struct scan {
    const struct selection *selection;
    struct bytes content;
    uint64_t line;
    bool line_begun;
    bool cut;
    bool over;
};

static void scan_chunk(struct scan *scan, const uint8_t *data, size_t length) {
    const struct selection *wanted = scan->selection;
    uint32_t bytes_max = wanted->bytes_max < READ_BYTES_MAX ? wanted->bytes_max : READ_BYTES_MAX;
    while (length > 0 && !scan->over) {
        const uint8_t *newline = memchr(data, '\n', length);
        size_t part = newline == NULL ? length : (size_t) (newline - data) + 1;
        uint64_t line = scan->line + 1;
        scan->line_begun = true;
        if (line >= wanted->first) {
            size_t room = bytes_max - scan->content.length;
            scan->cut = part > room;
            bytes_add(&scan->content, data, scan->cut ? room : part);
        }
        if (newline != NULL) {
            scan->line++;
            scan->line_begun = false;
        }
        scan->over = scan->cut || scan->content.failed
                || (newline != NULL && wanted->last > 0 && scan->line >= wanted->last);
        data += part;
        length -= part;
    }
}

enum status file_read(const void *of, struct bytes *payload) {
    const struct selection *selection = of;
    struct selection whole = {selection->path, 0, 0, selection->bytes_max};
    static uint8_t chunk[CHUNK_BYTES];
    struct stat status;
    int fd = open_regular(selection->path, &status);
    if (fd < 0) {
        return failed(payload, errno, selection->path);
    }
    struct scan scan = {.selection = selection->first == 0 ? &whole : selection};
    ssize_t length = 1;
    while (!scan.over && length != 0) {
        length = read(fd, chunk, sizeof chunk);
        if (length < 0 && errno == EINTR) {
            continue;
        }
        if (length < 0) {
            int error = errno;
            close(fd);
            bytes_free(&scan.content);
            return failed(payload, error, selection->path);
        }
        scan_chunk(&scan, chunk, (size_t) length);
    }
    close(fd);
    uint64_t lines = scan.line + (scan.line_begun ? 1 : 0);
    bytes_add_u64(payload, (uint64_t) status.st_size);
    bytes_add_u32(payload, scan.cut ? CUT : 0);
    bytes_add_u32(payload, lines < UINT32_MAX ? (uint32_t) lines : UINT32_MAX);
    bytes_add_str(payload, scan.content.data, scan.content.length);
    payload->failed |= scan.content.failed;
    bytes_free(&scan.content);
    return DONE;
}

enum status file_write(const char *path, struct piece content, struct bytes *payload) {
    bool created = false;
    int error = replace_file(path, content.data, content.length, &created);
    if (error != 0) {
        return failed(payload, error, path);
    }
    bytes_add_u8(payload, created ? 1 : 0);
    return DONE;
}

/** The whole file, which `size_max` bytes are enough for; errno. */
static int load(const char *path, uint32_t size_max, struct bytes *content) {
    struct stat status;
    int fd = open_regular(path, &status);
    if (fd < 0) {
        return errno;
    }
    int error = 0;
    ssize_t length = 1;
    while (error == 0 && length != 0) {
        if (content->length > size_max) {
            error = EFBIG;
        } else if (!bytes_reserve(content, CHUNK_BYTES)) {
            error = ENOMEM;
        } else {
            length = read(fd, content->data + content->length, CHUNK_BYTES);
            error = length < 0 && errno != EINTR ? errno : 0;
            content->length += length > 0 ? (size_t) length : 0;
        }
    }
    close(fd);
    return error;
}

static uint32_t count_of(const struct bytes *content, struct piece old) {
    uint32_t count = 0;
    const uint8_t *at = content->data;
    const uint8_t *end = at + content->length;
    while (at != NULL && (at = memmem(at, (size_t) (end - at), old.data, old.length)) != NULL) {
        count++;
        at += old.length;
    }
    return count;
}

static void replace_all(const struct bytes *content, const struct edit *edit, struct bytes *changed) {
    const uint8_t *at = content->data;
    const uint8_t *end = at + content->length;
    const uint8_t *found;
    while ((found = memmem(at, (size_t) (end - at), edit->old.data, edit->old.length)) != NULL) {
        bytes_add(changed, at, (size_t) (found - at));
        bytes_add(changed, edit->replacement.data, edit->replacement.length);
        at = found + edit->old.length;
    }
    bytes_add(changed, at, (size_t) (end - at));
}

static enum status no_match(struct bytes *payload, const struct edit *edit, uint32_t count) {
    char message[512];
    if (count == 0) {
        snprintf(message, sizeof message, "the text does not occur in %.400s", edit->path);
    } else {
        snprintf(message, sizeof message, "the text occurs %u times in %.400s, not once", count, edit->path);
    }
    add_failure(payload, 0, message);
    return FAILED;
}

static enum status edit_content(const struct edit *edit, const struct bytes *content, struct bytes *payload) {
    uint32_t count = edit->old.length == 0 ? 0 : count_of(content, edit->old);
    if (count == 0 || (count > 1 && !edit->all)) {
        return no_match(payload, edit, count);
    }
    uint64_t length = content->length + (uint64_t) count * edit->replacement.length - (uint64_t) count * edit->old.length;
    if (length > EDIT_BYTES_MAX) {
        return failed(payload, EFBIG, edit->path);
    }
    struct bytes changed = {0};
    bool created;
    replace_all(content, edit, &changed);
    int error = changed.failed ? ENOMEM : replace_file(edit->path, changed.data, changed.length, &created);
    bytes_free(&changed);
    if (error != 0) {
        return failed(payload, error, edit->path);
    }
    bytes_add_u32(payload, count);
    return DONE;
}

enum status file_edit(const struct edit *edit, struct bytes *payload) {
    struct bytes content = {0};
    int error = load(edit->path, edit->bytes_max < EDIT_BYTES_MAX ? edit->bytes_max : EDIT_BYTES_MAX, &content);
    enum status status = error != 0 ? failed(payload, error, edit->path) : edit_content(edit, &content, payload);
    bytes_free(&content);
    return status;
}
