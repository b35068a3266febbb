package dev.handloom.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes, one folder. */
class FolderLockProcessTest {
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
}
