/** What may be added to a session's log, and the state that follows from what was. */
@NullMarked
package dev.handloom.session.write;

import org.jspecify.annotations.NullMarked;
