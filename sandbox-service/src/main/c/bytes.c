#include "bytes.h"

#include <stdlib.h>
#include <string.h>

bool bytes_reserve(struct bytes *bytes, size_t more) {
    if (bytes->failed || more > SIZE_MAX / 4 - bytes->length) {
        bytes->failed = true;
        return false;
    }
    size_t needed = bytes->length + more;
    if (needed <= bytes->capacity) {
        return true;
    }
    size_t capacity = bytes->capacity < 128 ? 256 : bytes->capacity * 2;
    if (capacity < needed) {
        capacity = needed;
    }
    uint8_t *data = realloc(bytes->data, capacity);
    if (data == NULL) {
        bytes->failed = true;
        return false;
    }
    bytes->data = data;
    bytes->capacity = capacity;
    return true;
}

void bytes_add(struct bytes *bytes, const void *data, size_t length) {
    if (length > 0 && bytes_reserve(bytes, length)) {
        memcpy(bytes->data + bytes->length, data, length);
        bytes->length += length;
    }
}

void bytes_add_u8(struct bytes *bytes, uint8_t value) {
    bytes_add(bytes, &value, 1);
}

void bytes_add_u32(struct bytes *bytes, uint32_t value) {
    uint8_t little[4];
    put_u32(little, value);
    bytes_add(bytes, little, sizeof little);
}

void bytes_add_u64(struct bytes *bytes, uint64_t value) {
    bytes_add_u32(bytes, (uint32_t) value);
    bytes_add_u32(bytes, (uint32_t) (value >> 32));
}

void bytes_add_str(struct bytes *bytes, const void *data, size_t length) {
    bytes_add_u32(bytes, (uint32_t) length);
    bytes_add(bytes, data, length);
}

void bytes_add_text(struct bytes *bytes, const char *text) {
    bytes_add_str(bytes, text, strlen(text));
}

void bytes_drop(struct bytes *bytes, size_t length) {
    if (length > 0 && length < bytes->length) {
        memmove(bytes->data, bytes->data + length, bytes->length - length);
    }
    bytes->length -= length < bytes->length ? length : bytes->length;
}

void bytes_free(struct bytes *bytes) {
    free(bytes->data);
    *bytes = (struct bytes) {0};
}

uint32_t u32_at(const uint8_t *data) {
    return (uint32_t) data[0] | (uint32_t) data[1] << 8 | (uint32_t) data[2] << 16 | (uint32_t) data[3] << 24;
}

void put_u32(uint8_t *data, uint32_t value) {
    data[0] = (uint8_t) value;
    data[1] = (uint8_t) (value >> 8);
    data[2] = (uint8_t) (value >> 16);
    data[3] = (uint8_t) (value >> 24);
}

static const uint8_t *take(struct reader *reader, size_t length) {
    if (reader->failed || length > reader->left) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *data = reader->data;
    reader->data += length;
    reader->left -= length;
    return data;
}

uint8_t read_u8(struct reader *reader) {
    const uint8_t *data = take(reader, 1);
    return data == NULL ? 0 : *data;
}

uint32_t read_u32(struct reader *reader) {
    const uint8_t *data = take(reader, 4);
    return data == NULL ? 0 : u32_at(data);
}

struct piece read_str(struct reader *reader) {
    size_t length = read_u32(reader);
    const uint8_t *data = take(reader, length);
    return data == NULL ? (struct piece) {(const uint8_t *) "", 0} : (struct piece) {data, length};
}

char *read_argument(struct reader *reader, size_t length_max) {
    struct piece piece = read_str(reader);
    char *text = NULL;
    if (!reader->failed && piece.length <= length_max && memchr(piece.data, 0, piece.length) == NULL) {
        text = malloc(piece.length + 1);
    }
    if (text == NULL) {
        reader->failed = true;
        return NULL;
    }
    memcpy(text, piece.data, piece.length);
    text[piece.length] = 0;
    return text;
}

char *read_text(struct reader *reader, size_t length_max) {
    char *text = read_argument(reader, length_max);
    reader->failed |= text != NULL && text[0] == 0;
    return text;
}

bool reader_done(const struct reader *reader) {
    return !reader->failed && reader->left == 0;
}
