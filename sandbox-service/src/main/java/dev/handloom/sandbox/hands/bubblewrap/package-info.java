/** Hands made of namespaces, where there is no Docker: the host's own programs, read-only, on a root of our making. */
@NullMarked
package dev.handloom.sandbox.hands.bubblewrap;

import org.jspecify.annotations.NullMarked;
