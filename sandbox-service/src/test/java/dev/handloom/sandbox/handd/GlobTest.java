package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files a pattern finds, in which order, and how many at most. */
@Timeout(120)
class GlobTest {
    private static final int MORE = 1;
    private static final int GAVE_UP = 2;

    @TempDir
    Path folder = Path.of("");
    private Handd handd;

    @BeforeEach
    void start() {
        handd = Handd.start(folder);
    }

    @AfterEach
    void end() {
        handd.close();
    }

    /** Made in this order, each a second older than the one before. */
    private void files(String... names) throws IOException {
        long second = 1_700_000_000;
        for (var name : names) {
            var file = handd.workspace().resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "");
            Files.setLastModifiedTime(file, FileTime.fromMillis(second * 1000));
            second--;
        }
    }

    private List<String> glob(String pattern) {
        return relative(handd.call(Tool.glob(handd.workspace(), pattern, 200)).glob());
    }

    private List<String> relative(Answer.Glob found) {
        return found.paths()
                .stream()
                .map(path -> handd.workspace().relativize(Path.of(path)).toString())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "*|a.c b.h .hidden", "**|a.c b.h .hidden src/a.c src/deep/er/a.c src/x[1].c", "*.c|a.c",
                "**/*.c|a.c src/a.c src/deep/er/a.c src/x[1].c", "**/a.c|a.c src/a.c src/deep/er/a.c",
                "src/*.c|src/a.c src/x[1].c", "src/**|src/a.c src/deep/er/a.c src/x[1].c",
                "src/deep/er/*|src/deep/er/a.c",
                "src/**/er/**/a.c|src/deep/er/a.c", "**/deep/**|src/deep/er/a.c", "?.[ch]|a.c b.h", "[!a].*|b.h",
                "[a-b].{c,h}|a.c b.h", "{src,none}/a.c|src/a.c", "{a.c,src/{a,b}.c}|a.c src/a.c",
                "src/x[[]1].c|src/x[1].c",
                "src/x\\[1\\].c|src/x[1].c", "./src//a.c|src/a.c", "src|none", "none*|none", "none/*|none", "../*|none",
                "a.c/*|none", "[|none", "{a.c|none", "**/**/**/**/*.h|b.h", ".*|.hidden", "*.c*|a.c"})
    void a_pattern_finds(String pattern, String found) throws IOException {
        files("a.c", "b.h", ".hidden", "src/a.c", "src/deep/er/a.c", "src/x[1].c", ".git/config", "node_modules/a.c",
                "src/node_modules/b/a.c");
        assertThat(glob(pattern)).isEqualTo(found == null ? List.of() : List.of(found.split(" ")));
    }

    @Test
    void the_newest_come_first_and_of_one_age_in_the_order_of_their_names() throws IOException {
        files("new", "b/old");
        for (var name : List.of("z", "a", "m")) {
            var file = Files.writeString(handd.workspace().resolve(name), "");
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_600_000_000_000L));
        }
        assertThat(glob("**")).containsExactly("new", "b/old", "a", "m", "z");
    }

    @Test
    void of_too_many_the_newest_are_found() throws IOException {
        var names = new String[50];
        for (int i = 0; i < names.length; i++) {
            names[i] = "f" + i;
        }
        files(names);
        var answer = handd.call(Tool.glob(handd.workspace(), "*", 5)).glob();
        assertThat(answer.flags()).isEqualTo(MORE);
        assertThat(relative(answer)).containsExactly("f0", "f1", "f2", "f3", "f4");
        assertThat(handd.call(Tool.glob(handd.workspace(), "*", 50)).glob().flags()).isZero();
    }

    @Test
    void links_are_neither_found_nor_followed() throws IOException {
        files("real/f");
        handd.bash("ln -s real linked; ln -s . circle; ln -s real/f file; mkfifo fifo");
        assertThat(glob("**")).containsExactly("real/f");
        assertThat(glob("linked/*")).as("unless the pattern names one").containsExactly("linked/f");
    }

    @Test
    void a_directory_that_is_not_there_is_an_error() {
        var gone = handd.workspace().resolve("gone");
        assertThat(handd.call(Tool.glob(gone, "*", 10)).failure().message())
                .isEqualTo(gone + ": no such file or directory");
        handd.bash("echo > f");
        assertThat(handd.call(Tool.glob(handd.workspace().resolve("f"), "*", 10)).failure().message())
                .contains("not a directory");
    }

    @Test
    void a_pattern_has_limits() {
        assertThat(handd.call(Tool.glob(handd.workspace(), "x".repeat(1025), 10)).failure().message())
                .contains("pattern is too long");
        assertThat(handd.call(Tool.glob(handd.workspace(), "{a,b}".repeat(7), 10)).failure().message())
                .contains("too many alternatives");
        assertThat(glob("{a,b}".repeat(6))).isEmpty();
        assertThat(glob("a*".repeat(300) + "/" + "**/".repeat(60) + "b")).isEmpty();
    }

    @Test
    void a_directory_without_bottom_is_given_up() {
        handd.bash("mkdir -p deep; cd deep; for i in $(seq 150); do mkdir x; cd x; echo > f; done; cd "
                + handd.workspace());
        var answer = handd.call(Tool.glob(handd.workspace(), "**/f", 1000)).glob();
        assertThat(answer.flags()).isEqualTo(GAVE_UP);
        assertThat(answer.paths()).hasSize(98);
    }

    @Test
    void too_many_files_are_given_up_and_meanwhile_others_are_answered() {
        Handd.skipUnless(Files.isWritable(Path.of("/dev/shm")), "there is no /dev/shm for 200,001 files");
        var many = Path.of(handd.bash("many=$(mktemp -d -p /dev/shm); trap 'rm -r $many' EXIT; (cd $many; "
                + "seq 200001 | xargs touch); echo $many").text().strip());
        int slow = handd.send(Tool.glob(many, "**/*", 10));
        int ping = handd.line().send(Line.PING, new byte[0]);
        assertThat(handd.line().next()).isEqualTo(ping);
        var answer = handd.line().await(slow).glob();
        assertThat(answer.flags()).isEqualTo(MORE | GAVE_UP);
        assertThat(answer.paths()).hasSize(10);
        handd.bash("exit");
    }

    @Test
    void the_root_can_be_searched() {
        assertThat(handd.call(Tool.glob(Path.of("/"), "proc/self/stat", 10)).glob().paths())
                .containsExactly("/proc/self/stat");
    }
}
