package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A script that takes all the memory it can get, in a JVM of its own that has little. */
@NeedsTheShell
class SmallHeapTest {
    @Test
    void a_script_that_uses_up_the_heap_is_ended_and_the_jvm_goes_on() throws IOException, InterruptedException {
        var jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-cp", System.getProperty("java.class.path"), MemoryHog.class.getName()).redirectErrorStream(true)
                .start();
        var output = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor()).as(output).isZero();
        assertThat(output).contains("[stopped, because it used up the memory")
                .contains("still here")
                .doesNotContain("OutOfMemoryError");
    }

    /** Keeps strings that share nothing, each below every limit on sizes. */
    static final class MemoryHog {
        private static final String HOG = """
                awk 'BEGIN { s = "0123456789"; while (length(s) < 1000000) s = s s
                             for (i = 0; i < 90000; i++) { kept[i] = s i; if (index(kept[i], "x")) print } }'""";

        private MemoryHog() {}

        static void main() {
            try (var embedded = new Embedded()) {
                System.out.println(embedded.bash(HOG).text());
                System.out.println(embedded.bash("echo still here").text());
            }
        }
    }
}
