/** Starting the whole platform in this process, and saying in one line why it would not start. */
@NullMarked
package dev.handloom.standalone.start;

import org.jspecify.annotations.NullMarked;
