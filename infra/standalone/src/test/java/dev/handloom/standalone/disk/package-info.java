/** What lies on the disk: which stores are really used, that the log rebuilds the rest, and what a full disk does. */
@NullMarked
package dev.handloom.standalone.disk;

import org.jspecify.annotations.NullMarked;
