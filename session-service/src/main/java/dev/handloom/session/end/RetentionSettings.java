package dev.handloom.session.end;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** @param sweepEvery how often sessions are looked for that have been kept long enough, 1 s to 24 h */
@ConfigurationProperties("handloom.retention")
record RetentionSettings(@DefaultValue("1h") Duration sweepEvery) {
    RetentionSettings {
        if (sweepEvery.compareTo(Duration.ofSeconds(1)) < 0 || sweepEvery.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException("handloom.retention.sweep-every must be 1s to 24h");
        }
    }
}
