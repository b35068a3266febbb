/** The brain: agents, what the model sees, what it answers, and what is done about it. */
@NullMarked
package dev.handloom.harness;

import org.jspecify.annotations.NullMarked;
