package dev.handloom.kit.projection;

import dev.handloom.kit.log.LogSource.Reach;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a projection stands.
 *
 * @param live     what is read
 * @param building what is being built beside it and will be read once it has caught up; null when nothing is
 * @param since    when the building was asked for; without one, when the live rows began to be read
 * @param leaving  whether rows that were read before are still being removed
 */
public record Standing(String name, Row live, @Nullable Row building, Instant since, boolean leaving) {
    /**
     * One set of rows.
     *
     * @param trouble        why it does not move on; null while it does
     * @param parkedSessions sessions whose events wait behind one that could not be handled
     */
    public record Row(long generation, Reach reach, @Nullable String trouble, long parkedSessions, long parkedEvents) {}
}
