/** The engine {@code axonserver}: the log on an Axon Server. */
@NullMarked
package dev.handloom.kit.log.axonserver;

import org.jspecify.annotations.NullMarked;
