package dev.handloom.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The command line in a process of its own, with an environment that names no key, no model and no folder of its own. */
final class Spawned implements AutoCloseable {
    /** Then it is killed, so that a test that hangs ends some time. */
    private static final int MINUTES_MOST = 5;

    private final Process process;
    private final BufferedReader reader;
    private final StringBuilder output = new StringBuilder();

    private Spawned(ProcessBuilder builder) throws IOException {
        process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        CompletableFuture.delayedExecutor(MINUTES_MOST, TimeUnit.MINUTES).execute(process::destroyForcibly);
        reader = process.inputReader(StandardCharsets.UTF_8);
    }

    /** @param home in the place of the user's home */
    static Spawned handloom(Path home, Map<String, String> environment, String... arguments) throws IOException {
        var words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Duser.home=" + home,
                "-Dstdout.encoding=UTF-8", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), Handloom.class.getName()));
        words.addAll(List.of(arguments));
        return program(environment, words);
    }

    static Spawned program(Map<String, String> environment, List<String> words) throws IOException {
        var builder = new ProcessBuilder(words);
        builder.environment().keySet().removeIf(name -> name.startsWith("HANDLOOM_") || name.startsWith("ANTHROPIC_"));
        builder.environment().putAll(environment);
        return new Spawned(builder);
    }

    /** Reads on until a line matches, and returns the first group of the match. */
    String until(String line) throws IOException {
        var pattern = Pattern.compile(line);
        for (var read = reader.readLine(); read != null; read = reader.readLine()) {
            output.append(read).append('\n');
            var matcher = pattern.matcher(read);
            if (matcher.find()) {
                return matcher.groupCount() == 0 ? read : matcher.group(1);
            }
        }
        throw new AssertionError("it ended without the line " + line + ":\n" + output);
    }

    /** As Ctrl-C does, but for the signal's number. What it says to that can still be read. */
    Spawned stop() {
        process.toHandle().destroy();
        return this;
    }

    long pid() {
        return process.pid();
    }

    /** Waits for its end; checks the status. Returns all it said. */
    String end(int status) throws IOException, InterruptedException {
        for (var read = reader.readLine(); read != null; read = reader.readLine()) {
            output.append(read).append('\n');
        }
        assertThat(process.waitFor()).as("status after:\n%s", output).isEqualTo(status);
        return output.toString();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
