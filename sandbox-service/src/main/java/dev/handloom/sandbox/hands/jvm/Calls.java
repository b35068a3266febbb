package dev.handloom.sandbox.hands.jvm;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The calls that a hand knows, by id. None runs twice, and what came of one is kept until it is forgotten, or until newer
 * ones need the room: of the answered ones the oldest go first.
 */
final class Calls {
    private static final int KNOWN_MAX = 1024;
    private static final long KEPT_CHARS_MAX = 16L << 20;

    private final Map<String, Call> known = new LinkedHashMap<>();

    /** @return empty when the id is known already */
    synchronized Optional<Call> begin(String id) {
        if (known.containsKey(id)) {
            return Optional.empty();
        }
        makeRoom();
        var call = new Call();
        known.put(id, call);
        return Optional.of(call);
    }

    private void makeRoom() {
        long kept = known.values().stream().mapToLong(Call::size).sum();
        var oldestFirst = known.entrySet().iterator();
        while (oldestFirst.hasNext() && (known.size() >= KNOWN_MAX || kept > KEPT_CHARS_MAX)) {
            var call = oldestFirst.next().getValue();
            if (call.isDone()) {
                kept -= call.size();
                oldestFirst.remove();
            }
        }
    }

    synchronized Optional<Call> find(String id) {
        return Optional.ofNullable(known.get(id));
    }

    synchronized void forget(String id) {
        find(id).filter(Call::isDone).ifPresent(_ -> known.remove(id));
    }

    synchronized List<Call> all() {
        return List.copyOf(known.values());
    }
}
