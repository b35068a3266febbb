/** The commands to the hands: run this tool, stop it, let the session's hand go. */
@NullMarked
package dev.handloom.sandbox.execute;

import org.jspecify.annotations.NullMarked;
