/** Everything that outlives a process or leaves it, against approved text files. */
@NullMarked
package dev.handloom.standalone.golden;

import org.jspecify.annotations.NullMarked;
