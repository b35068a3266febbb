package dev.handloom.standalone.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

/** What keeps the events, as the environment names it. */
record Database(Map<String, String> environment) {
    private static final String PATIENCE_SECONDS = "5";
    private static final String QUESTION = "select current_setting('server_version'), current_setting('fsync'),"
            + " has_schema_privilege(current_schema(), 'create')";

    Finding look() {
        var engine = set("HANDLOOM_LOG", "sqlite");
        if (!engine.equalsIgnoreCase("postgres")) {
            return engine.equalsIgnoreCase("sqlite")
                    ? Finding.good("log", "sqlite, in the data folder")
                    : Finding.fatal("log", "HANDLOOM_LOG names no engine: " + engine, "sqlite or postgres");
        }
        var url = set("HANDLOOM_POSTGRES_URL", "jdbc:postgresql://localhost/handloom");
        var place = url.replaceFirst("\\?.*", "");
        try (var connection = DriverManager.getConnection(url, properties());
                var ask = connection.createStatement();
                var answer = ask.executeQuery(QUESTION)) {
            answer.next();
            if (!answer.getString(2).equals("on")) {
                return Finding.fatal("log", place + " runs with fsync = off", "turn it on");
            }
            return answer.getBoolean(3)
                    ? Finding.good("log", "PostgreSQL " + answer.getString(1) + " at " + place)
                    : Finding.fatal("log", place + ": " + set("HANDLOOM_POSTGRES_USERNAME", "handloom")
                            + " may not create tables there", "grant create on the schema to it");
        } catch (SQLException unreachable) {
            return Finding.fatal("log",
                    place + ": " + String.valueOf(unreachable.getMessage()).lines().findFirst().orElse(""),
                    "look at HANDLOOM_POSTGRES_URL, _USERNAME and _PASSWORD");
        } catch (IOException unreadable) {
            return Finding.fatal("log", "the password cannot be read: " + unreadable.getMessage(),
                    "look at HANDLOOM_POSTGRES_PASSWORDFILE");
        }
    }

    private String set(String name, String otherwise) {
        var value = environment.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }

    private Properties properties() throws IOException {
        var properties = new Properties();
        properties.setProperty("user", set("HANDLOOM_POSTGRES_USERNAME", "handloom"));
        var file = set("HANDLOOM_POSTGRES_PASSWORDFILE", "");
        var password = file.isEmpty()
                ? set("HANDLOOM_POSTGRES_PASSWORD", "")
                : Files.readString(Path.of(file)).lines().findFirst().orElse("");
        if (!password.isEmpty()) {
            properties.setProperty("password", password);
        }
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("loginTimeout", PATIENCE_SECONDS);
        properties.setProperty("socketTimeout", PATIENCE_SECONDS);
        return properties;
    }
}
