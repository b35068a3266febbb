/** Which part of a conversation the model is shown: pure functions of what was said and of a policy. */
@NullMarked
package dev.handloom.harness.context.strategy;

import org.jspecify.annotations.NullMarked;
