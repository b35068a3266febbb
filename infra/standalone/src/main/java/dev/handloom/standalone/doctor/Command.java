package dev.handloom.standalone.doctor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs a program of the machine to see whether it works. */
final class Command {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OUTPUT_BYTES_MAX = 64 << 10;

    /** @param output both streams, its beginning */
    record Ran(int status, String output) {
        boolean well() {
            return status == 0;
        }

        String firstLine() {
            return output.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
        }
    }

    private Command() {}

    /** Empty when there is no such program, or when it does not end. */
    static Optional<Ran> run(String... words) {
        try {
            var process = new ProcessBuilder(words).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var watch = Thread.ofVirtual().start(() -> killAfter(process));
            var output = process.getInputStream().readNBytes(OUTPUT_BYTES_MAX);
            process.getInputStream().transferTo(OutputStream.nullOutputStream());
            int status = process.waitFor();
            watch.interrupt();
            return Optional.of(new Ran(status, new String(output, StandardCharsets.UTF_8)));
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static void killAfter(Process process) {
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            // It ended.
        }
    }
}
