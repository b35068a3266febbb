package dev.handloom.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyTest {
    @Test
    void a_key_is_made_once_for_its_owner_only(@TempDir Path folder) throws IOException {
        var data = folder.resolve("data");
        var key = ApiKey.of(null, data);
        var file = data.resolve(ApiKey.FILE);
        var secret = Files.readString(file).strip();
        assertThat(secret).matches("sk-handloom-[\\w-]{43}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rw-------");
        assertThat(key.matches(secret)).isTrue();
        assertThat(key.matches(secret + "x")).isFalse();
        assertThat(ApiKey.of(" ", data).matches(secret)).as("the same after a restart").isTrue();
        try (var files = Files.list(data)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_configured_key_leaves_no_file(@TempDir Path folder) {
        assertThat(ApiKey.of("configured", folder).matches("configured")).isTrue();
        assertThat(folder.resolve(ApiKey.FILE)).doesNotExist();
    }

    @Test
    void an_empty_key_file_opens_no_door(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(ApiKey.FILE), "\n");
        assertThatThrownBy(() -> ApiKey.of(null, folder)).hasMessageContaining("empty");
    }
}
