/** The whole platform in one process and one heap: a laptop's way to run it. */
@NullMarked
package dev.handloom.standalone;

import org.jspecify.annotations.NullMarked;
