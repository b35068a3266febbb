package dev.handloom.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher script in a small house of its own, with a java and a Maven that only say what they were asked. */
class ScriptTest {
    /** All programs the script may use, besides java and mvn. */
    private static final List<String> PROGRAMS = List.of("sh", "cat", "cut", "dirname", "find", "grep", "head", "mkdir",
            "mv", "readlink", "rm", "sed", "sleep", "stty", "tail");

    @TempDir
    private Path folder;
    private Path house;
    private Path programs;
    private final Map<String, String> environment = new HashMap<>();

    /** A copy that looks for JDKs nowhere but where the environment says, so that the machine's own are not found. */
    @BeforeEach
    void build() throws IOException {
        house = Files.createDirectories(folder.resolve("house"));
        programs = Files.createDirectories(folder.resolve("programs"));
        var script = Files.readString(root().resolve("handloom"))
                .replaceAll("(?<=[ \\t])/(?=(usr|opt|Library|home)/)", "/nowhere/");
        program(house.resolve("handloom"), script);
        copy("pom.xml");
        copy("infra/standalone/pom.xml");
        copy("infra/standalone/src/main/resources/launcher/help.txt");
        for (var name : PROGRAMS) {
            program(programs.resolve(name), "#!/bin/sh\nexec " + found(name) + " \"$@\"\n");
        }
        environment.put("PATH", programs.toString());
        environment.put("HOME", folder.toString());
        environment.put("JAVA_HOME", "");
        environment.put("JAVA_25_HOME", "");
        environment.put("JAVA25_HOME", "");
    }

    @Test
    void help_and_version_need_neither_java_nor_a_build() throws IOException, InterruptedException {
        assertThat(run(0, "help")).isEqualTo(Files.readString(
                root().resolve("infra/standalone/src/main/resources/launcher/help.txt")));
        assertThat(run(0)).isEqualTo(run(0, "help"));
        assertThat(run(0, "version")).matches("handloom \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n");
    }

    @Test
    void an_unknown_command_is_refused_before_anything_is_looked_for() throws IOException, InterruptedException {
        assertThat(run(2, "srve")).isEqualTo("handloom: unknown command: srve (./handloom help)\n");
    }

    @Test
    void without_a_jdk_25_it_says_what_to_do() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", jdk("17.0.2").toString());

        assertThat(run(1, "serve")).isEqualTo("handloom: no JDK 25 was found. Install one, for example Temurin 25 "
                + "(https://adoptium.net), or set JAVA_HOME to where it is.\n");
    }

    @Test
    void a_jdk_is_found_by_the_java_on_the_path() throws IOException, InterruptedException {
        Files.createSymbolicLink(programs.resolve("java"), jdk("25").resolve("bin/java"));
        maven("");

        assertThat(run(0, "serve")).endsWith(" serve\n");
    }

    @Test
    void without_maven_it_says_what_to_do() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", jdk("25.0.3").toString());

        assertThat(run(1, "serve")).isEqualTo("handloom: it has to be built first, and there is no mvn on the PATH. "
                + "Install Maven 3.8.7 or newer.\n");
    }

    @Test
    void it_builds_what_is_missing_or_older_than_a_source_and_only_that() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", jdk("25.0.3").toString());
        maven("");
        var source = Files.createDirectories(house.resolve("sandbox-service/src/main/c")).resolve("handd.c");

        assertThat(run(0, "serve", "--data", "a b"))
                .contains("building, once: the first time")
                .endsWith("-jar " + jar() + " serve --data a b\n");
        assertThat(run(0, "doctor")).doesNotContain("building").endsWith("-jar " + jar() + " doctor\n");

        Files.setLastModifiedTime(Files.createFile(source), FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(run(0, "demo")).contains("building, once: the sources are newer").endsWith(" demo\n");
    }

    @Test
    void a_build_that_fails_says_why_and_where_the_rest_is() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", jdk("25.0.3").toString());
        maven("echo '[ERROR] no route to host'\nexit 1\n");

        assertThat(run(1, "serve")).contains("[ERROR] no route to host\n")
                .endsWith("handloom: the build failed. All that Maven said is in "
                        + house.resolve("target/handloom-build.log") + "\n");
        assertThat(run(1, "serve")).as("the second try").contains("building, once");
    }

    @Test
    void the_turn_of_a_build_that_was_killed_is_over() throws IOException, InterruptedException {
        environment.put("JAVA_HOME", jdk("25.0.3").toString());
        maven("");
        try (var dead = Spawned.program(environment, List.of(programs.resolve("sh").toString(), "-c", ":"))) {
            dead.end(0);
            Files.writeString(Files.createDirectories(house.resolve("target")).resolve("handloom-build.pid"),
                    dead.pid() + "\n");
        }

        assertThat(run(0, "serve")).doesNotContain("waiting").endsWith(" serve\n");
    }

    @Test
    void it_is_found_through_links() throws IOException, InterruptedException {
        var link = Files.createSymbolicLink(folder.resolve("link"), Path.of("house/handloom"));

        try (var run = Spawned.program(environment, List.of(link.toString(), "version"))) {
            assertThat(run.end(0)).startsWith("handloom ");
        }
    }

    @Test
    void where_the_image_cannot_be_built_it_says_so() throws IOException, InterruptedException {
        assertThat(run(1, "image")).isEqualTo(
                "handloom: this version cannot build the sandbox image: infra/image/build.sh is not here\n");
    }

    private String run(int status, String... arguments) throws IOException, InterruptedException {
        var words = new ArrayList<>(List.of(house.resolve("handloom").toString()));
        words.addAll(List.of(arguments));
        try (var run = Spawned.program(environment, words)) {
            return run.end(status);
        }
    }

    private Path jdk(String version) throws IOException {
        var home = folder.resolve("jdk-" + version);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        program(home.resolve("bin/java"), "#!/bin/sh\necho java \"$@\"\n");
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        return home;
    }

    /** Leaves a jar, unless {@code first} ends it before. */
    private void maven(String first) throws IOException {
        program(programs.resolve("mvn"), "#!/bin/sh\n" + first + "echo >" + jar() + "\n");
    }

    private Path jar() {
        return house.resolve("infra/standalone/target/standalone-1-exec.jar");
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void copy(String file) throws IOException {
        Files.createDirectories(house.resolve(file).getParent());
        Files.copy(root().resolve(file), house.resolve(file));
    }

    private static Path found(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** Surefire stands in infra/standalone. */
    private static Path root() {
        return Path.of("../..").toAbsolutePath().normalize();
    }
}
