/** What the model gets to read, over whole histories. */
@NullMarked
package dev.handloom.harness.context;

import org.jspecify.annotations.NullMarked;
