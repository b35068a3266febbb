package dev.handloom.kit.http;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How the API treats its clients.
 *
 * @param key           the key clients must show ({@code HANDLOOM_API_KEY}); absent or blank, one is made at the first start
 * @param bodyMax       the longest request body, 1 KB to 1 GB
 * @param unknownFields what becomes of body fields the contract does not know; inside events and tools they are always
 *                      refused (contract/open-questions.md C9)
 */
@ConfigurationProperties("handloom.api")
public record ApiSettings(
        @Nullable String key,
        @DefaultValue("32MB") DataSize bodyMax,
        @DefaultValue("IGNORE") UnknownFields unknownFields
) {
    private static final DataSize BODY_LEAST = DataSize.ofKilobytes(1);
    private static final DataSize BODY_MOST = DataSize.ofGigabytes(1);

    /** What to do with a field nobody reads. */
    public enum UnknownFields {
        IGNORE, REFUSE
    }

    public ApiSettings {
        if (key != null && !key.isBlank() && !key.chars().allMatch(c -> c > ' ' && c < 127)) {
            throw new IllegalArgumentException("handloom.api.key may hold visible ASCII characters only");
        }
        if (bodyMax.compareTo(BODY_LEAST) < 0 || bodyMax.compareTo(BODY_MOST) > 0) {
            throw new IllegalArgumentException("handloom.api.body-max must be 1KB to 1GB, not " + bodyMax);
        }
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "ApiSettings[bodyMax=" + bodyMax + ", unknownFields=" + unknownFields + "]";
    }
}
