/**
 * The log engines: where events are kept, how a commit wakes whoever waits for it, and the small store beside the log
 * that holds tokens, sagas and projections, all of which the log can rebuild.
 */
@NullMarked
package dev.handloom.kit.log;

import org.jspecify.annotations.NullMarked;
