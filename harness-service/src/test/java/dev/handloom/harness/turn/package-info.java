/** The turn's effects, replayed over whole histories. */
@NullMarked
package dev.handloom.harness.turn;

import org.jspecify.annotations.NullMarked;
