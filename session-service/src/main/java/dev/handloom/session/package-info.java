/** The session: an append-only log, what may be added to it, and every way to read it. */
@NullMarked
package dev.handloom.session;

import org.jspecify.annotations.NullMarked;
