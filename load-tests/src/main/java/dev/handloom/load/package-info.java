/** Measures a running server from outside, through its HTTP API, and says where it stands against the goals. */
@NullMarked
package dev.handloom.load;

import org.jspecify.annotations.NullMarked;
