package dev.handloom.sandbox.hands.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemovalTest {
    @TempDir
    private Path around;

    @Test
    void a_tree_goes_and_what_it_points_to_stays() throws Exception {
        var outside = Files.createDirectories(around.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "x");
        var tree = Files.createDirectories(around.resolve("tree/a/b/c"));
        Files.writeString(tree.resolve("file"), "x");
        Files.createSymbolicLink(tree.resolve("way-out"), outside);
        Files.createSymbolicLink(around.resolve("tree/way-out"), outside);
        Files.createSymbolicLink(around.resolve("tree/dangling"), around.resolve("nowhere"));
        Files.createDirectories(around.resolve("tree/closed/inner"));
        Files.setPosixFilePermissions(around.resolve("tree/closed/inner"),
                PosixFilePermissions.fromString("---------"));
        Files.setPosixFilePermissions(around.resolve("tree/closed"), PosixFilePermissions.fromString("---------"));

        Removal.remove(around.resolve("tree"));

        assertThat(around.resolve("tree")).doesNotExist();
        assertThat(outside.resolve("kept")).hasContent("x");
    }

    @Test
    void a_link_in_the_place_of_the_tree_is_removed_and_not_followed() throws Exception {
        var outside = Files.createDirectories(around.resolve("outside"));
        Files.writeString(outside.resolve("kept"), "x");
        Files.createSymbolicLink(around.resolve("tree"), outside);

        Removal.remove(around.resolve("tree"));

        assertThat(around.resolve("tree")).doesNotExist();
        assertThat(outside.resolve("kept")).exists();
    }

    @Test
    void depth_and_breadth_do_not_matter() throws Exception {
        var tree = Files.createDirectory(around.resolve("tree"));
        for (int i = 0; i < 3; i++) {
            var chain = Path.of(("d".repeat(200) + "/").repeat(15));
            Files.createDirectories(tree.resolve("next").resolve(chain));
            // What is below grows beyond what a path can say.
            Files.move(tree.resolve("next"), Files.createDirectories(around.resolve("grown" + i)).resolve("x"));
            if (i > 0) {
                Files.move(around.resolve("grown" + (i - 1)), around.resolve("grown" + i)
                        .resolve("x")
                        .resolve(chain)
                        .resolve("more"));
            }
        }
        Files.move(around.resolve("grown2"), tree.resolve("deep"));
        for (int i = 0; i < 500; i++) {
            Files.createDirectory(tree.resolve("d" + i));
            Files.createFile(tree.resolve("d" + i).resolve("f"));
        }

        Removal.remove(tree);

        assertThat(tree).doesNotExist();
    }

    @Test
    void what_is_not_there_is_removed_already() throws Exception {
        Removal.remove(around.resolve("nothing"));
        assertThat(around).isEmptyDirectory();
    }
}
