package dev.handloom.kit.log.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the database of the log is.
 *
 * @param url          a JDBC URL; its {@code currentSchema} is where the tables are
 * @param username     a role that may create tables there
 * @param password     none where the server asks for none
 * @param passwordFile a file whose first line is the password
 * @param readers      the most connections that read at once, 1 to 100; three more write, listen and notify
 */
@ConfigurationProperties("handloom.postgres")
record PostgresSettings(
        @DefaultValue("jdbc:postgresql://localhost/handloom") String url,
        @DefaultValue("handloom") String username,
        @Nullable String password,
        @Nullable Path passwordFile,
        @DefaultValue("8") int readers
) {
    private static final int READERS_MOST = 100;

    PostgresSettings {
        require(url.startsWith("jdbc:postgresql:"), "url must begin with jdbc:postgresql: and not be "
                + withoutParameters(url));
        require(readers >= 1 && readers <= READERS_MOST, "readers must be 1 to 100");
        password = password == null || password.isEmpty() ? null : password;
        require(password == null || passwordFile == null, "password and password-file cannot both be set");
        if (passwordFile != null) {
            password = firstLine(passwordFile);
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("handloom.postgres." + otherwise);
        }
    }

    private static String firstLine(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("handloom.postgres.password-file cannot be read: " + file, unreadable);
        }
    }

    /** Without what may be secret. */
    String place() {
        return withoutParameters(url);
    }

    private static String withoutParameters(String url) {
        return url.replaceFirst("\\?.*", "");
    }

    @Override
    public String toString() {
        return "PostgresSettings[" + place() + " as " + username + "]";
    }
}
