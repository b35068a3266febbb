package dev.handloom.standalone.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs the tests in {@code src/test/ts}, which drive the platform with the unmodified official TypeScript SDK, and
 * reports each of them. Skipped, with a printed reason, where Node 20 or npm or its registry is missing.
 */
class TypeScriptSdkTest {
    private static final Path SOURCES = Path.of("src/test/ts");
    private static final Path WORK = Path.of("target/ts");
    private static final int NODE_LEAST = 20;
    private static final Duration INSTALL_MAX = Duration.ofMinutes(5);
    private static final Duration TEST_MAX = Duration.ofMinutes(2);
    private static final Duration TESTS_MAX = Duration.ofMinutes(10);
    /** npm's words for a registry that cannot be reached. */
    private static final Pattern UNREACHABLE = Pattern.compile(
            "ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED");
    private static final Pattern RESULT = Pattern.compile("^(not )?ok \\d+ - (.*?)(?: # (SKIP|TODO).*)?$");

    @TestFactory
    Stream<DynamicTest> the_official_typescript_sdk() throws Exception {
        requireNode();
        copySources();
        install();
        var run = run();
        var tests = tests(run.output());
        assertThat(tests).as(run.output()).isNotEmpty();
        tests.add(dynamicTest("the run came to its end", () -> assertThat(run.code()).as(run.output()).isNotNull()));
        return tests.stream();
    }

    /** @param code null when it took too long and was killed */
    private record Ended(@Nullable Integer code, String output) {
        boolean well() {
            return Integer.valueOf(0).equals(code);
        }
    }

    private static Ended execute(List<String> command, Map<String, String> environment, Duration max)
            throws IOException, InterruptedException {
        var output = Files.createTempFile("handloom-ts", ".txt");
        try {
            var builder = new ProcessBuilder(command).directory(
                    Files.isDirectory(WORK) ? WORK.toFile() : null)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            boolean ended = process.waitFor(max.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
            return new Ended(ended ? process.exitValue() : null, Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    private static void requireNode() throws InterruptedException {
        try {
            var node = execute(List.of("node", "--version"), Map.of(), INSTALL_MAX).output().strip();
            if (Integer.parseInt(node.replaceFirst("^v(\\d+)\\..*", "$1")) < NODE_LEAST) {
                skip("Node " + NODE_LEAST + " or later is needed, and this is " + node);
            }
            execute(List.of("npm", "--version"), Map.of(), INSTALL_MAX);
        } catch (IOException missing) {
            skip("there is no Node or no npm here: " + missing.getMessage());
        }
    }

    private static void skip(String why) {
        System.out.println("The tests with the TypeScript SDK are skipped: " + why);
        abort(why);
    }

    private static void copySources() throws IOException {
        Files.createDirectories(WORK);
        try (var files = Files.list(SOURCES)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, WORK.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void install() throws IOException, InterruptedException {
        var installed = execute(List.of("npm", "ci", "--prefer-offline"), Map.of(), INSTALL_MAX);
        if (!installed.well() && UNREACHABLE.matcher(installed.output()).find()) {
            skip("npm cannot reach its registry: " + installed.output());
        }
        assertThat(installed.well()).as(installed.output()).isTrue();
    }

    /** @return what Node's test runner reports, in the Test Anything Protocol */
    private static Ended run() throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("node", "--test", "--test-reporter=tap", "--test-concurrency=1",
                "--test-timeout=" + TEST_MAX.toMillis(), "--test-force-exit"));
        try (var files = Files.list(SOURCES)) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".test.mjs"))
                    .sorted()
                    .forEach(command::add);
        }
        try (var platform = new Running("handloom.model.base-url=", "handloom.model.api-key=",
                "handloom.model.auth-token=", "handloom.model.rehearsal=")) {
            return execute(command, Map.of("HANDLOOM_URL", "http://127.0.0.1:" + platform.port(), "HANDLOOM_KEY",
                    Running.KEY), TESTS_MAX);
        }
    }

    /** One for each line at the top level; the indented ones below it tell more of it. */
    private static List<DynamicTest> tests(String tap) {
        var tests = new ArrayList<DynamicTest>();
        var lines = tap.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            var result = RESULT.matcher(lines.get(i));
            if (result.matches()) {
                boolean failed = result.group(1) != null;
                var more = lines.subList(i + 1, lines.size())
                        .stream()
                        .takeWhile(line -> line.startsWith(" "))
                        .toList();
                tests.add(dynamicTest(result.group(2).replace("\\#", "#"), () -> assertThat(failed)
                        .as(String.join("\n", more))
                        .isFalse()));
            }
        }
        return tests;
    }
}
