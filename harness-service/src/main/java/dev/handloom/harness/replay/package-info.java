/** Recorded sessions put through other context strategies, without a model, and compared. */
@NullMarked
package dev.handloom.harness.replay;

import org.jspecify.annotations.NullMarked;
