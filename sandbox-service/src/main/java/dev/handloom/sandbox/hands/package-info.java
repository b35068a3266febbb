/** A session's hand: provisioned at the first tool call, kept for the session, destroyed with it. */
@NullMarked
package dev.handloom.sandbox.hands;

import org.jspecify.annotations.NullMarked;
