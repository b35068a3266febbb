/** Replays, over sessions made up here and over real ones where they are at hand. */
@NullMarked
package dev.handloom.harness.replay;

import org.jspecify.annotations.NullMarked;
