/** The command line: which command, with which options. */
@NullMarked
package dev.handloom.standalone.launcher;

import org.jspecify.annotations.NullMarked;
