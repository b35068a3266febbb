// What the service asks, taken out of its frames.
#ifndef HANDD_TOOLS_H
#define HANDD_TOOLS_H

#include <stddef.h>
#include <stdint.h>

/** Answers every frame, now or later. */
void asked(uint32_t tag, uint8_t kind, const uint8_t *payload, size_t length);

#endif
