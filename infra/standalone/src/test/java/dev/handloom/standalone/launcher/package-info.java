/** Tests of the command line, each in a process of its own. */
@NullMarked
package dev.handloom.standalone.launcher;

import org.jspecify.annotations.NullMarked;
