// The output of the running bash call: handd empties its FIFO, remembers the end, and keeps the whole in a file when it is long.
// A pipe and not a file, so that `> /dev/stderr` does not cut what was there, and nothing but handd decides how much is stored.
#ifndef HANDD_OUTPUT_H
#define HANDD_OUTPUT_H

#include "bytes.h"

#include <stdbool.h>
#include <stdint.h>

/** What an answer holds at most: the end of the output. */
#define OUTPUT_TAIL_BYTES 102400u
/** An output is counted so far; then its writers get a SIGPIPE. */
#define OUTPUT_BYTES_MAX (256ull << 20)

/** Begins with the FIFO of call `number`. False, with errno. */
bool output_begin(uint32_t number);
/** Takes what has been written before now. Whoever still writes afterwards goes on writing to nobody. */
void output_end(void);

uint64_t output_total(void);
/** Not all of it is in the kept file, or it was ended by force. */
bool output_full(void);
/** Whether the whole, or its beginning, is in the kept file. */
bool output_kept(void);
void output_add_tail(struct bytes *answer);

#endif
