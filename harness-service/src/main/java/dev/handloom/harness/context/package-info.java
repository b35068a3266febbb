/** What the model sees: a pure function of the log. */
@NullMarked
package dev.handloom.harness.context;

import org.jspecify.annotations.NullMarked;
