/** The tools an agent has: what the model is told of them, who runs them, and who must agree. */
@NullMarked
package dev.handloom.harness.tools;

import org.jspecify.annotations.NullMarked;
