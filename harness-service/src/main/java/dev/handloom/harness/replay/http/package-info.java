/** Replays over HTTP. */
@NullMarked
package dev.handloom.harness.replay.http;

import org.jspecify.annotations.NullMarked;
