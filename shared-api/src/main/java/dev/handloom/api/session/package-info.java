/** Messages of the session log: what is asked of a session and what then happened. Owned by session-service. */
@NullMarked
package dev.handloom.api.session;

import org.jspecify.annotations.NullMarked;
