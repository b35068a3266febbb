// The file tools. They look at regular files only, and never wait: a FIFO, a device or a leased file is an error at once.
#ifndef HANDD_FILE_H
#define HANDD_FILE_H

#include "bytes.h"
#include "calls.h"

#include <stdbool.h>
#include <stdint.h>

#define READ_BYTES_MAX (16u << 20)
/** Of an edited file, before and after. */
#define EDIT_BYTES_MAX (32u << 20)

struct selection {
    const char *path;
    /** The first and the last line; 0 for the whole file, and for its end. */
    uint32_t first;
    uint32_t last;
    uint32_t bytes_max;
};

/** Whether finding the selection takes so long that a child should do it. */
bool file_read_is_long(const struct selection *selection);
/** `of` is a struct selection. */
enum status file_read(const void *of, struct bytes *payload);

enum status file_write(const char *path, struct piece content, struct bytes *payload);

struct edit {
    const char *path;
    bool all;
    uint32_t bytes_max;
    struct piece old;
    struct piece replacement;
};

enum status file_edit(const struct edit *edit, struct bytes *payload);

#endif
