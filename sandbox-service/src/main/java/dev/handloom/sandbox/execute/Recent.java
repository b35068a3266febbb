package dev.handloom.sandbox.execute;

import java.util.LinkedHashMap;
import java.util.Map;

/** The names that were added last, for what comes late. */
final class Recent<T> {
    private final Map<T, Boolean> names;

    /** @param max with more, the oldest is forgotten */
    Recent(int max) {
        this.names = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<T, Boolean> eldest) {
                return size() > max;
            }
        };
    }

    synchronized void add(T name) {
        names.put(name, true);
    }

    synchronized boolean has(T name) {
        return names.containsKey(name);
    }
}
