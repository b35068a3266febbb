/** What people see: colours, widths, lines that come and go, and text that cannot harm a terminal. */
@NullMarked
package dev.handloom.standalone.terminal;

import org.jspecify.annotations.NullMarked;
