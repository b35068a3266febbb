// Files by pattern: a walk below a directory. To be run in a child.
#ifndef HANDD_GLOB_H
#define HANDD_GLOB_H

#include "bytes.h"
#include "calls.h"

#include <stdint.h>

#define GLOB_PATHS_MAX 10000u
/** Of one walk. */
#define GLOB_ENTRIES_MAX 200000
#define GLOB_ANSWER_BYTES_MAX (8u << 20)

struct glob {
    const char *directory;
    const char *pattern;
    uint32_t paths_max;
};

/** `of` is a struct glob. */
enum status glob_files(const void *of, struct bytes *payload);

#endif
