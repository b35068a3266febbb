/** Tests of what a terminal is shown. */
@NullMarked
package dev.handloom.standalone.terminal;

import org.jspecify.annotations.NullMarked;
