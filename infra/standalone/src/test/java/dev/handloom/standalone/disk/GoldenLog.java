package dev.handloom.standalone.disk;

import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.harness.context.Contexts;
import dev.handloom.session.write.SessionState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A session as a release has stored it, row by row, and what that release made of it.
 *
 * @param release names the files
 */
record GoldenLog(String release) {
    static final Path FOLDER = Path.of("src", "test", "resources", "golden", "logs");
    private static final List<String> COLUMNS = List.of("stream", "seq", "stream_type", "id", "type", "revision", "at",
            "meta_data", "payload");
    private static final JsonMapper JSON = JsonMapper.shared();

    static List<GoldenLog> all() {
        try (var files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jsonl"))
                    .map(name -> new GoldenLog(name.substring(0, name.length() - ".jsonl".length())))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private Path rows() {
        return FOLDER.resolve(release + ".jsonl");
    }

    private Path expected() {
        return FOLDER.resolve(release + ".expected.json");
    }

    private static Connection open(Path data) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + data.resolve("events.db"));
    }

    /** Takes the session's rows out of the event file. */
    void record(Path data, SessionId session) throws SQLException, IOException {
        var lines = new StringBuilder();
        try (var connection = open(data);
                var select = connection.prepareStatement(
                        "select " + String.join(", ", COLUMNS) + " from event where stream = ? order by seq")) {
            select.setString(1, session.value());
            var found = select.executeQuery();
            while (found.next()) {
                var row = JSON.createObjectNode();
                for (var column : COLUMNS) {
                    var text = column.equals("meta_data") || column.equals("payload")
                            ? new String(found.getBytes(column), StandardCharsets.UTF_8)
                            : found.getString(column);
                    row.put(column, text);
                }
                lines.append(row).append('\n');
            }
        }
        Files.writeString(rows(), lines);
    }

    /** Puts the rows, byte for byte, into an event file that does not know the session. */
    void putInto(Path data) throws SQLException, IOException {
        try (var connection = open(data);
                var insert = connection.prepareStatement("insert into event (" + String.join(", ", COLUMNS)
                        + ") values (" + "?,".repeat(COLUMNS.size() - 1) + "?)")) {
            for (var line : Files.readAllLines(rows())) {
                var row = JSON.readTree(line);
                for (int i = 0; i < COLUMNS.size(); i++) {
                    var value = row.path(COLUMNS.get(i));
                    switch (COLUMNS.get(i)) {
                        case "seq" -> insert.setLong(i + 1, Long.parseLong(value.asString()));
                        case "meta_data", "payload" ->
                            insert.setBytes(i + 1, value.asString().getBytes(StandardCharsets.UTF_8));
                        default -> insert.setString(i + 1, value.isNull() ? null : value.asString());
                    }
                }
                insert.executeUpdate();
            }
        }
    }

    SessionId session() throws IOException {
        return new SessionId(JSON.readTree(Files.readAllLines(rows()).getFirst()).path("stream").asString());
    }

    JsonNode madeOfIt() throws IOException {
        return JSON.readTree(Files.readString(expected()));
    }

    void approve(JsonNode made) throws IOException {
        Files.writeString(expected(), made.toPrettyString() + "\n");
    }

    /** What this version makes of a session: the state, what the API shows, what the model is given. */
    static JsonNode made(Platform platform, SessionId session) {
        SessionState state = null;
        var log = platform.context().getBean(SessionLog.class);
        for (var entry : log.slice(session, 1, SessionLog.SLICE_MAX)) {
            state = SessionState.fold(state, entry.event());
        }
        var made = JSON.createObjectNode();
        made.set("state", JSON.valueToTree(state));
        made.set("events", JSON.valueToTree(platform.history(session.value())));
        made.set("messages", JSON.valueToTree(new Contexts(log).of(session).messages()));
        return JSON.readTree(made.toString());
    }
}
