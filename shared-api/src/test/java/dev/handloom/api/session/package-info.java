/** The small values of a session. */
@NullMarked
package dev.handloom.api.session;

import org.jspecify.annotations.NullMarked;
