/** What the log says must be done, and doing it: each call a durable row, run under a lease, recorded once. */
@NullMarked
package dev.handloom.harness.turn;

import org.jspecify.annotations.NullMarked;
