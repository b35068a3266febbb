package dev.handloom.harness.context;

import dev.handloom.api.session.Viewed;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model request that a log holds.
 *
 * @param number from 1
 * @param calls  how many requests the log held at that time
 * @param viewed what was recorded of its view; null when it was cut off, is still open, or is older than the record
 * @param sight  its view, worked out again with the recorded policy, or where there is none with the agent's
 */
public record PastCall(
        int number,
        int calls,
        String requestId,
        long position,
        Instant at,
        AgentSpec agent,
        @Nullable Viewed viewed,
        Sight sight
) {}
