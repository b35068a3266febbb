/** The engine {@code axonserver} against a real server, which {@code AXON_SERVER} names. */
@NullMarked
package dev.handloom.kit.log.axonserver;

import org.jspecify.annotations.NullMarked;
