// Byte strings: growing ones that are written, and a reader for the payload of a frame, which trusts no length in it.
#ifndef HANDD_BYTES_H
#define HANDD_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Written at the end. `failed` once memory ran out: what was added since is lost, and the bytes must not be used. */
struct bytes {
    uint8_t *data;
    size_t length;
    size_t capacity;
    bool failed;
};

/** Room for `more` bytes behind the end. */
bool bytes_reserve(struct bytes *bytes, size_t more);
void bytes_add(struct bytes *bytes, const void *data, size_t length);
void bytes_add_u8(struct bytes *bytes, uint8_t value);
void bytes_add_u32(struct bytes *bytes, uint32_t value);
void bytes_add_u64(struct bytes *bytes, uint64_t value);
/** As the protocol's `str`. */
void bytes_add_str(struct bytes *bytes, const void *data, size_t length);
void bytes_add_text(struct bytes *bytes, const char *text);
/** Takes the first `length` bytes away. */
void bytes_drop(struct bytes *bytes, size_t length);
void bytes_free(struct bytes *bytes);

/** Little endian. */
uint32_t u32_at(const uint8_t *data);
void put_u32(uint8_t *data, uint32_t value);

/** A piece of somebody else's bytes. */
struct piece {
    const uint8_t *data;
    size_t length;
};

/** Reads a payload from its front. `failed` once it asked for more than there was; everything read since is zero. */
struct reader {
    const uint8_t *data;
    size_t left;
    bool failed;
};

uint8_t read_u8(struct reader *reader);
uint32_t read_u32(struct reader *reader);
struct piece read_str(struct reader *reader);
/**
 * A string for the system: 1 to `length_max` bytes without a NUL; the caller frees it, also when the reader has failed.
 */
char *read_text(struct reader *reader, size_t length_max);
/** As read_text, but may be empty. */
char *read_argument(struct reader *reader, size_t length_max);
/** Whether everything was there and nothing is left over. */
bool reader_done(const struct reader *reader);

#endif
