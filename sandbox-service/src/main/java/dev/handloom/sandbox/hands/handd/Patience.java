package dev.handloom.sandbox.hands.handd;

import java.time.Duration;

/**
 * How long handd is waited for.
 *
 * @param pingEvery  while an answer is waited for
 * @param pingWithin its answer to a ping; after that it is hung
 * @param lost       that a sandbox that runs may be without a connection: handd dials again every 50 ms
 * @param grace      beyond what a tool may take: to kill what runs too long, and for a busy processor
 */
record Patience(Duration pingEvery, Duration pingWithin, Duration lost, Duration grace) {
    static final Patience USUAL = new Patience(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10),
            Duration.ofSeconds(10));
}
