package dev.handloom.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data folder: made when it is missing, used by one process at a time. */
class FolderLockTest {
    @TempDir
    private Path place;

    /** Another process, which takes the lock and keeps it until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (var lock = FolderLock.take(new DataFolder(Path.of(arguments[0])))) {
                System.out.println("held " + (lock != null));
                System.out.println(System.in.read());
            }
        }
    }

    @Test
    void a_second_process_is_told_that_the_folder_is_in_use_and_gets_it_when_the_first_has_died() throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var other = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Holder.class.getName(),
                place.toString()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var output = other.inputReader()) {
            assertThat(output.readLine()).isEqualTo("held true");
            var folder = new DataFolder(place);
            assertThatThrownBy(() -> FolderLock.take(folder)).isInstanceOf(DataFolder.Unusable.class)
                    .hasMessageContaining("another server works in it, process " + other.pid());
            other.toHandle().destroyForcibly();
            other.waitFor();
            FolderLock.take(folder).close();
        } finally {
            other.destroyForcibly();
        }
    }

    @Test
    void it_is_let_go_when_it_is_closed_and_held_against_the_same_process_too() throws IOException {
        var folder = new DataFolder(place);
        try (var first = FolderLock.take(folder)) {
            assertThatThrownBy(() -> FolderLock.take(folder)).isInstanceOf(DataFolder.Unusable.class);
            assertThat(first).isNotNull();
        }
        FolderLock.take(folder).close();
    }

    @Test
    void a_missing_folder_is_made_for_its_owner_alone() throws IOException {
        var folder = new DataFolder(place.resolve("new/one"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.data()))).isEqualTo("rwx------");
        assertThat(folder.file("events.db")).isEqualTo(folder.data().resolve("events.db"));
    }

    @Test
    void what_cannot_be_a_data_folder_is_refused_by_name() throws IOException {
        var file = Files.createFile(place.resolve("a-file"));
        assertThatThrownBy(() -> new DataFolder(file)).isInstanceOf(DataFolder.Unusable.class)
                .hasMessageContaining("a-file");
        assertThatThrownBy(() -> new DataFolder(place.resolve("why?"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("handloom.data");
    }
}
