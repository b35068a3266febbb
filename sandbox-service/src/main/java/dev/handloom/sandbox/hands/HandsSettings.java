package dev.handloom.sandbox.hands;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What hands are made by, and what each of them may use.
 *
 * @param provider       auto, docker, bubblewrap or jvm
 * @param image          the Docker image of a hand
 * @param memory         of one hand, 64 MB to 64 GB
 * @param cpus           of one hand, 0.1 to 64
 * @param pids           processes of one hand, 16 to 32,768
 * @param tmp            size of /tmp in one hand, 1 MB to 64 GB
 * @param callTimeout    how long a bash call may take when the model does not say, 1 s to 1 h
 * @param callTimeoutMax the longest the model may ask for, at least {@code callTimeout}, at most 6 h
 * @param orphanTimeout  a hand that nobody has been connected to for so long ends itself, 10 s to 24 h
 */
@ConfigurationProperties("handloom.hands")
public record HandsSettings(
        @DefaultValue("auto") String provider,
        @DefaultValue("handloom/sandbox:1") String image,
        @DefaultValue("1GB") DataSize memory,
        @DefaultValue("1") double cpus,
        @DefaultValue("256") int pids,
        @DefaultValue("256MB") DataSize tmp,
        @DefaultValue("120s") Duration callTimeout,
        @DefaultValue("600s") Duration callTimeoutMax,
        @DefaultValue("10m") Duration orphanTimeout
) {
    /** The order in which {@code auto} asks them. */
    public static final List<String> PROVIDERS = List.of("docker", "bubblewrap", "jvm");
    private static final int PIDS_LEAST = 16;
    private static final int PIDS_MOST = 32_768;
    private static final double CPUS_LEAST = 0.1;
    private static final double CPUS_MOST = 64;
    private static final DataSize MOST = DataSize.ofGigabytes(64);

    public HandsSettings {
        require(provider.equals("auto") || PROVIDERS.contains(provider),
                "provider must be auto, docker, bubblewrap or jvm, not " + provider
                        + (provider.equals("unsafe-local") ? ", which arrives with the hands" : ""));
        require(within(memory, DataSize.ofMegabytes(64), MOST), "memory must be 64MB to 64GB");
        require(cpus >= CPUS_LEAST && cpus <= CPUS_MOST, "cpus must be 0.1 to 64");
        require(pids >= PIDS_LEAST && pids <= PIDS_MOST, "pids must be 16 to 32768");
        require(within(tmp, DataSize.ofMegabytes(1), MOST), "tmp must be 1MB to 64GB");
        require(within(callTimeout, Duration.ofSeconds(1), Duration.ofHours(1)), "call-timeout must be 1s to 1h");
        require(within(callTimeoutMax, callTimeout, Duration.ofHours(6)),
                "call-timeout-max must be call-timeout to 6h");
        require(within(orphanTimeout, Duration.ofSeconds(10), Duration.ofDays(1)),
                "orphan-timeout must be 10s to 24h");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("handloom.hands." + otherwise);
        }
    }

    private static <T extends Comparable<T>> boolean within(T value, T least, T most) {
        return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    /** How long a bash call may take. */
    public Duration timeoutOf(ToolInput.Bash call) {
        var asked = call.timeout();
        return asked == null ? callTimeout : asked.compareTo(callTimeoutMax) > 0 ? callTimeoutMax : asked;
    }
}
