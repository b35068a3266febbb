package dev.handloom.harness.replay;

import dev.handloom.api.session.SessionEvent;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads recorded sessions from JSON lines. Known by their fields: one session a line in the shape of the Messages API
 * ({@code messages}, {@code calls}) or of OpenAI's chat ({@code traj}), or one event a line of a log of this platform
 * ({@code type}, {@code sessionId}), several sessions one after the other.
 */
public final class Recordings {
    public static final int SESSIONS_MAX = 500;
    private static final JsonMapper JSON = JsonMapper.shared();

    private Recordings() {}

    /** Says in words for its reader, with the line's number, why a file cannot be replayed. */
    public static final class Unreadable extends RuntimeException {
        Unreadable(String message) {
            super(message, null, false, false);
        }
    }

    /** @throws Unreadable for what is none of the three formats, and for more than 500 sessions */
    public static List<Recording> read(String lines) {
        var recordings = new ArrayList<Recording>();
        var log = new ArrayList<SessionEvent>();
        int number = 0;
        for (var line : lines.lines().toList()) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                read(JSON.readTree(line), log, recordings);
            } catch (JacksonException | IllegalArgumentException | IllegalStateException | ClassCastException wrong) {
                var why = String.valueOf(wrong.getMessage());
                throw new Unreadable("line " + number + ": " + why.lines().findFirst().orElse(why));
            }
            if (recordings.size() > SESSIONS_MAX) {
                throw new Unreadable("line " + number + ": more than " + SESSIONS_MAX + " sessions");
            }
        }
        closeLog(log, recordings);
        if (recordings.isEmpty()) {
            throw new Unreadable("there is no session in it");
        }
        return List.copyOf(recordings);
    }

    private static void read(JsonNode line, List<SessionEvent> log, List<Recording> recordings) {
        if (line.has("sessionId") && line.has("type")) {
            var event = JSON.treeToValue(line, SessionEvent.class);
            if (event instanceof SessionEvent.Created) {
                closeLog(log, recordings);
            }
            log.add(event);
        } else if (line.has("messages")) {
            recordings.add(MessagesTrace.read(line));
        } else if (line.has("traj")) {
            recordings.add(ChatTrace.read(line));
        } else {
            throw new IllegalArgumentException("has neither messages nor traj, and is no event of a session's log");
        }
    }

    private static void closeLog(List<SessionEvent> log, List<Recording> recordings) {
        if (!log.isEmpty()) {
            recordings.add(LogRecording.of(log));
            log.clear();
        }
    }
}
