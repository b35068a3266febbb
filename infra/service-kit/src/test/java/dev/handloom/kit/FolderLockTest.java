package dev.handloom.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderLockTest {
    @TempDir
    private Path folder;

    @Test
    void a_folder_is_taken_by_one_server_of_a_process_at_a_time() {
        var data = new DataFolder(folder.resolve("data"));
        try (var _ = FolderLock.take(data)) {
            assertThatThrownBy(() -> FolderLock.take(data))
                    .isInstanceOf(DataFolder.Unusable.class)
                    .hasMessage("the data folder " + data.data()
                            + " cannot be used: another server in this process works in it");
        }

        FolderLock.take(data).close();
    }

    @Test
    void two_names_of_one_folder_are_one_folder() throws IOException {
        var data = new DataFolder(folder.resolve("data"));
        var link = Files.createSymbolicLink(folder.resolve("link"), data.data());
        try (var _ = FolderLock.take(data)) {
            assertThatThrownBy(() -> FolderLock.take(new DataFolder(link))).isInstanceOf(DataFolder.Unusable.class);
        }
    }

    @Test
    void a_folder_in_which_nothing_can_be_written_says_why_and_is_not_kept_taken() throws IOException {
        var data = new DataFolder(folder.resolve("data"));
        var inTheWay = Files.createDirectory(data.file("server.lock"));

        assertThatThrownBy(() -> FolderLock.take(data))
                .isInstanceOf(DataFolder.Unusable.class)
                .hasMessage("the data folder " + data.data() + " cannot be used: Is a directory");
        Files.delete(inTheWay);

        FolderLock.take(data).close();
    }

    @Test
    void a_file_is_no_data_folder() throws IOException {
        var file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> new DataFolder(file))
                .isInstanceOf(DataFolder.Unusable.class)
                .hasMessage("the data folder " + file + " cannot be used: " + file + " is a file");
    }
}
