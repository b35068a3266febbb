package dev.handloom.harness;

import dev.handloom.api.session.SessionEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * What once happened to a session, from its first event on.
 *
 * @param name the version that wrote it, and how it came about
 */
public record History(String name, List<SessionEvent> events) {
    private static final Path RECORDED = Path.of("src", "test", "resources", "histories");

    @Override
    public String toString() {
        return name;
    }

    /** The histories that this and earlier versions have recorded. */
    public static List<History> recorded() {
        try (var files = Files.list(RECORDED)) {
            return files.sorted().map(History::read).toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static History read(Path file) {
        try {
            return new History(String.valueOf(file.getFileName()), Files.readAllLines(file)
                    .stream()
                    .map(line -> JsonMapper.shared().readValue(line, SessionEvent.class))
                    .toList());
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
