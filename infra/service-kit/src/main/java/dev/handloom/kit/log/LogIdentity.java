package dev.handloom.kit.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Tells one log from another. What follows from a log (tokens, sagas, projections) is worse than useless with another one:
 * processors would pass over its first events.
 *
 * @param name in one line
 */
public record LogIdentity(String name) {
    /** The log in the data folder itself, which needs no mark. */
    public static final LogIdentity IN_THE_FOLDER = new LogIdentity("events.db");

    /**
     * Marks the state file as following from this log.
     *
     * @param mark a file beside the state file
     * @throws LogUnusable when it follows from another
     */
    void claim(Path state, Path mark) {
        try {
            var marked = Files.exists(mark) ? Files.readString(mark).strip() : IN_THE_FOLDER.name();
            if (marked.equals(name)) {
                return;
            }
            if (Files.exists(state)) {
                throw new LogUnusable(state + " belongs to another log (" + marked
                        + "): name another data folder, or delete it, and it is made again from this log", null);
            }
            if (equals(IN_THE_FOLDER)) {
                Files.delete(mark);
            } else {
                Files.writeString(mark, name + "\n");
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(mark + " cannot be used: " + unreadable.getMessage(), unreadable);
        }
    }
}
