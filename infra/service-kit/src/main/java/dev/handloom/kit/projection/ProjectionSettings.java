package dev.handloom.kit.projection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the projections are kept up to date.
 *
 * @param gather         how long events may gather before they are handled together, unless a read waits for them
 * @param parkedSessions how many sessions may wait in one projection behind an event that it cannot handle
 * @param parkedEvents   how many events of one session may wait so
 */
@ConfigurationProperties("handloom.projections")
record ProjectionSettings(
        @DefaultValue("100ms") Duration gather,
        @DefaultValue("1000") int parkedSessions,
        @DefaultValue("10000") int parkedEvents
) {
    private static final Duration GATHER_MAX = Duration.ofMinutes(1);
    private static final int PARKED_MAX = 1_000_000;

    ProjectionSettings {
        if (gather.isNegative() || gather.compareTo(GATHER_MAX) > 0) {
            throw new IllegalArgumentException("handloom.projections.gather must be 0 to 1m, not " + gather);
        }
        check("parked-sessions", parkedSessions);
        check("parked-events", parkedEvents);
    }

    private static void check(String name, int value) {
        if (value < 1 || value > PARKED_MAX) {
            throw new IllegalArgumentException(
                    "handloom.projections." + name + " must be 1 to " + PARKED_MAX + ", not " + value);
        }
    }
}
