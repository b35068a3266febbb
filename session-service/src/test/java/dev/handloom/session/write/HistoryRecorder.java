package dev.handloom.session.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the histories that harness-service replays in every build ({@code src/test/resources/histories} there). Run by
 * hand when the rules have learned something new; histories that an earlier version wrote stay as they are.
 */
final class HistoryRecorder {
    private static final int MOVES = 100;
    private static final int HISTORIES = 12;

    private HistoryRecorder() {}

    /** Arguments: the folder, and the version that the files are named after. */
    public static void main(String[] arguments) throws IOException {
        for (int seed = 1; seed <= HISTORIES; seed++) {
            var life = new Life();
            var player = new Player(seed, life);
            for (int i = 0; i < MOVES; i++) {
                player.move();
            }
            var lines = life.log().stream().map(JsonMapper.shared()::writeValueAsString).toList();
            Files.write(Path.of(arguments[0], arguments[1] + "-seed-" + seed + ".jsonl"), lines);
        }
    }
}
