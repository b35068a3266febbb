/** Recorded histories of sessions. */
@NullMarked
package dev.handloom.harness;

import org.jspecify.annotations.NullMarked;
