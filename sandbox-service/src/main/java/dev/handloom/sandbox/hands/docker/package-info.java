/** Hands made of containers: a hardened recipe, the engine asked for their life and death only. */
@NullMarked
package dev.handloom.sandbox.hands.docker;

import org.jspecify.annotations.NullMarked;
