// The connection to the service: dialled, and dialled again when it ends.
#ifndef HANDD_LINK_H
#define HANDD_LINK_H

#include <stddef.h>
#include <stdint.h>

#define FRAME_BYTES_MAX 33554432u
/** A frame's tag and kind. */
#define FRAME_HEAD_BYTES 5u

/**
 * @param socket       the path to dial
 * @param alone_ms_max without a connection for so long, handd ends; 0 for never
 * @param asked        called for every frame
 */
void link_begin(const char *socket, int64_t alone_ms_max,
        void (*asked)(uint32_t tag, uint8_t kind, const uint8_t *payload, size_t length));

/** Nothing happens when there is no connection. */
void link_send(uint32_t tag, uint8_t status, const void *payload, size_t length);

#endif
