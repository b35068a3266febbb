package dev.handloom.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
    @TempDir
    private Path place;

    @Test
    void a_missing_folder_is_made_for_its_owner_alone() throws IOException {
        var folder = new DataFolder(place.resolve("new/one"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.data()))).isEqualTo("rwx------");
        assertThat(folder.file("events.db")).isEqualTo(folder.data().resolve("events.db"));
    }

    @Test
    void a_name_that_sqlite_would_misread_is_refused() {
        assertThatThrownBy(() -> new DataFolder(place.resolve("why?"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("handloom.data");
    }
}
