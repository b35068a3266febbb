package dev.handloom.kit.log;

import java.util.Map;
import java.util.Objects;

/** The log as each processing group sees it. */
record LogSources(Map<String, LogSource> byGroup) {
    LogSource of(String group) {
        return Objects.requireNonNull(byGroup.get(group), () -> "no ProcessingGroupSpec bean names " + group);
    }
}
