/** New sessions whose log begins as a copy of another. */
@NullMarked
package dev.handloom.session.fork;

import org.jspecify.annotations.NullMarked;
