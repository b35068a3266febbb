/** What strategies may and may not do to a conversation. */
@NullMarked
package dev.handloom.harness.context.strategy;

import org.jspecify.annotations.NullMarked;
