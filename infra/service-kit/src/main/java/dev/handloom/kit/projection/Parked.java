package dev.handloom.kit.projection;

import java.time.Instant;

/**
 * A session whose events wait because the first of them could not be handled.
 *
 * @param sequence  the session's id
 * @param events    how many wait
 * @param position  of the first of them in the session's log
 * @param eventType the first one's stored type
 * @param cause     why it could not be handled: an exception's class and message
 * @param since     when it was parked
 * @param triedAt   when it was last tried
 */
public record Parked(
        String sequence,
        long events,
        long position,
        String eventType,
        String cause,
        Instant since,
        Instant triedAt
) {}
