// Outputs that were too long for their answers, kept as files in the run directory: the newest few, and never much in all.
#ifndef HANDD_KEPT_H
#define HANDD_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEPT_FILES_MAX 4
#define KEPT_BYTES_MAX (32u << 20)

/** Begins the file of a call, `<run directory>/<number>.out`, as the newest. False when it could not be made. */
bool kept_begin(uint32_t number);
/**
 * Adds to the newest, removing the oldest others for it.
 * Returns how much was added: less than `length` when the file system is full or the file alone has KEPT_BYTES_MAX.
 */
size_t kept_add(const void *data, size_t length);
/** The newest is complete. */
void kept_end(void);

bool kept_has(uint32_t number);
/** Removes them all but one that is being written. */
void kept_clear(void);

#endif
