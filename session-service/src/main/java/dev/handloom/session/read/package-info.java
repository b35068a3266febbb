/** Every way to read a session: its state now or then, its events as the API shows them, the list of sessions. */
@NullMarked
package dev.handloom.session.read;

import org.jspecify.annotations.NullMarked;
