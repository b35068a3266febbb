package dev.handloom.sandbox.handd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** read, write and edit: what they do to files, and that nothing else makes them wait. */
@Timeout(120)
class FileTest {
    private static final int CUT = 1;
    private static final int EISDIR = 21;
    private static final int EINVAL = 22;

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

    private Path file(String name) {
        return handd.workspace().resolve(name);
    }

    private Path written(String name, String content) throws IOException {
        return Files.writeString(file(name), content);
    }

    @Test
    void a_file_is_read_whole() throws IOException {
        var answer = handd.call(Tool.read(written("f", "one\ntwo\nthree"))).read();
        assertThat(answer).isEqualTo(new Answer.Read(13, 0, 3, "one\ntwo\nthree"));
        assertThat(handd.call(Tool.read(written("empty", ""))).read()).isEqualTo(new Answer.Read(0, 0, 0, ""));
        assertThat(handd.call(Tool.read(written("end", "one\n"))).read()).isEqualTo(new Answer.Read(4, 0, 1, "one\n"));
        assertThat(handd.call(Tool.read(Path.of("/proc/self/status"))).read().content()).contains("handd");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "nothing",
            value = {
                "1,1,1,1", "2,3,2+3,3", "2,0,2+3+4,4", "4,4,4,4", "4,9,4,4", "5,9,nothing,4", "1,0,1+2+3+4,4",
                "3,2,nothing,2", "0,2,1+2+3+4,4"})
    void lines_are_read_from_the_first_to_the_last(int first, int last, String lines, int seen) throws IOException {
        var file = written("f", "1\n2\n3\n4\n");
        var answer = handd.call(Tool.read(file.toString(), first, last, 1000)).read();
        assertThat(answer.content()).isEqualTo(lines == null ? "" : lines.replace('+', '\n') + "\n");
        assertThat(answer.lines()).isEqualTo(seen);
        assertThat(answer.flags()).isZero();
    }

    @Test
    void what_is_longer_than_asked_for_is_cut() throws IOException {
        var file = written("f", "1234\n5678\n");
        assertThat(handd.call(Tool.read(file.toString(), 0, 0, 10)).read().flags()).isZero();
        assertThat(handd.call(Tool.read(file.toString(), 0, 0, 9)).read())
                .isEqualTo(new Answer.Read(10, CUT, 2, "1234\n5678"));
        assertThat(handd.call(Tool.read(file.toString(), 2, 0, 2)).read().content()).isEqualTo("56");
        assertThat(handd.call(Tool.read(file.toString(), 0, 0, 0)).read().content()).isEmpty();
    }

    @Test
    void a_line_far_into_a_large_file_is_found_without_holding_up_others() {
        handd.bash("for i in 1 2 3 4 5 6 7 8; do seq 1 1000000; done > large");
        int slow = handd.send(Tool.read(file("large").toString(), 7_999_999, 0, 1000));
        int ping = handd.line().send(Line.PING, new byte[0]);
        assertThat(handd.line().next()).isEqualTo(ping);
        var answer = handd.line().await(slow).read();
        assertThat(answer.content()).isEqualTo("999999\n1000000\n");
        assertThat(answer.lines()).isEqualTo(8_000_000);
    }

    @Test
    void what_is_no_regular_file_is_an_error_at_once() throws IOException {
        handd.bash(
                "mkfifo fifo; ln -s fifo to-fifo; ln -s loop loop; ln -s /dev/zero zero; mkdir directory; ln -s gone dangling");
        for (var name : new String[]{"fifo", "to-fifo", "zero"}) {
            var failure = handd.call(Tool.read(file(name))).failure();
            assertThat(failure.errno()).isEqualTo(EINVAL);
            assertThat(failure.message()).isEqualTo(file(name) + ": is not a regular file");
            assertThat(handd.call(Tool.write(file(name), "x")).failure().errno()).isEqualTo(EINVAL);
            assertThat(handd.call(Tool.edit(file(name), "x", "y")).failure().errno()).isEqualTo(EINVAL);
        }
        assertThat(handd.call(Tool.read(file("directory"))).failure().errno()).isEqualTo(EISDIR);
        assertThat(handd.call(Tool.write(file("directory"), "x")).failure().errno()).isEqualTo(EISDIR);
        assertThat(handd.call(Tool.write(Path.of("/dev/null"), "x")).failure().errno()).isEqualTo(EINVAL);
        assertThat(handd.call(Tool.read(file("loop"))).failure().message()).contains("symbolic links");
        assertThat(handd.call(Tool.write(file("loop"), "x")).failure().message()).contains("symbolic links");
        assertThat(handd.call(Tool.read(file("dangling"))).failure().message()).contains("no such file");
        assertThat(handd.call(Tool.read(file("gone/f"))).failure().message()).contains("no such file");
    }

    @Test
    void a_path_is_absolute_and_of_any_length() {
        assertThat(handd.call(Tool.read("relative", 0, 0, 10)).nonsense()).isEqualTo("not the fields of a tool");
        assertThat(handd.call(Tool.read("", 0, 0, 10)).nonsense()).isEqualTo("not the fields of a tool");
        assertThat(handd.call(Tool.read("/a\0b", 0, 0, 10)).nonsense()).isEqualTo("not the fields of a tool");
        var long_ = Path.of("/" + "x/".repeat(10_000));
        assertThat(handd.call(Tool.read(long_)).failure().message()).contains("name is too long");
        assertThat(handd.call(Tool.write(long_, "x")).failure().message()).contains("name is too long");
        assertThat(handd.call(Tool.write(file("x".repeat(256)), "x")).failure().message())
                .contains("name is too long");
    }

    @Test
    void a_new_file_comes_with_its_directories() throws IOException {
        assertThat(handd.call(Tool.write(file("a/b/c"), "content ü\n")).created()).isTrue();
        assertThat(file("a/b/c")).hasContent("content ü\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("a/b/c")))).isEqualTo("rw-r--r--");
        assertThat(handd.call(Tool.write(file("a/b/c/d"), "x")).failure().message()).contains("not a directory");
    }

    @Test
    void a_file_that_is_there_keeps_its_mode_and_its_name() throws IOException {
        handd.bash("echo old > f; chmod 750 f; ln -s f first; ln -s first second; ln -s new dangling");
        assertThat(handd.call(Tool.write(file("second"), "new")).created()).isFalse();
        assertThat(file("f")).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("f")))).isEqualTo("rwxr-x---");
        assertThat(Files.isSymbolicLink(file("second"))).isTrue();
        assertThat(handd.call(Tool.write(file("dangling"), "made")).created()).isTrue();
        assertThat(file("new")).hasContent("made");
    }

    @Test
    void a_reader_of_the_old_file_keeps_the_old_file() throws IOException {
        var file = written("f", "old");
        try (var in = Files.newInputStream(file)) {
            handd.call(Tool.write(file, "new and longer"));
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("old");
        }
        handd.call(Tool.write(file, ""));
        assertThat(file).isEmptyFile();
        try (var files = Files.list(handd.workspace())) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void what_the_kernel_shows_as_files_is_not_written() {
        assertThat(handd.call(Tool.write(Path.of("/proc/self/oom_score_adj"), "1000")).failure().message())
                .contains("permission denied");
        assertThat(handd.call(Tool.write(Path.of("/proc/self/mem"), "x")).failure().message())
                .contains("permission denied");
        assertThat(handd.call(Tool.edit(Path.of("/proc/self/comm"), "handd", "x")).failure().message())
                .contains("permission denied");
        assertThat(handd.call(Tool.write(Path.of("/proc/self/new"), "x")).status()).isEqualTo(Answer.FAILED);
    }

    @Test
    void a_large_file_is_written_in_one_frame() throws IOException {
        int size = (33 << 20) - (2 << 20);
        assertThat(handd.call(Tool.write(file("large"), "x".repeat(size))).created()).isTrue();
        assertThat(Files.size(file("large"))).isEqualTo(size);
    }

    @Test
    void one_occurrence_is_replaced() throws IOException {
        var file = written("f", "one two\0three\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        assertThat(handd.call(Tool.edit(file, "two\0", "2 ")).replaced()).isEqualTo(1);
        assertThat(file).hasContent("one 2 three\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file))).isEqualTo("rwx------");
    }

    @Test
    void what_does_not_occur_or_occurs_more_than_once_changes_nothing() throws IOException {
        var file = written("f", "aaaa");
        assertThat(handd.call(Tool.edit(file, "b", "c")).failure())
                .isEqualTo(new Answer.Failure(0, "the text does not occur in " + file));
        assertThat(handd.call(Tool.edit(file, "aa", "c")).failure())
                .isEqualTo(new Answer.Failure(0, "the text occurs 2 times in " + file + ", not once"));
        assertThat(handd.call(Tool.edit(file, "aaaaa", "c")).failure().message()).contains("does not occur");
        assertThat(file).hasContent("aaaa");
        assertThat(handd.call(Tool.edit(file, "", "c")).nonsense()).isEqualTo("not the fields of a tool");
        assertThat(handd.call(Tool.edit(file("gone"), "a", "c")).failure().message()).contains("no such file");
    }

    @Test
    void all_occurrences_are_replaced_when_asked_for() throws IOException {
        var file = written("f", "aaaaa b");
        assertThat(handd.call(Tool.edit(file, "aa", "x", true, 100)).replaced()).isEqualTo(2);
        assertThat(file).hasContent("xxa b");
        assertThat(handd.call(Tool.edit(file, "x", "", true, 100)).replaced()).isEqualTo(2);
        assertThat(file).hasContent("a b");
    }

    @Test
    void a_file_that_is_or_becomes_too_large_is_not_edited() throws IOException {
        var file = written("f", "a".repeat(1000) + "b");
        assertThat(handd.call(Tool.edit(file, "b", "c", false, 1000)).failure().message()).contains("too large");
        assertThat(handd.call(Tool.edit(file, "b", "c", false, 1001)).replaced()).isEqualTo(1);
        assertThat(handd.call(Tool.edit(file, "a", "x".repeat(40_000), true, 2000)).failure().message())
                .contains("too large");
    }

    @Test
    void a_file_is_edited_through_a_link() throws IOException {
        written("f", "one");
        Files.createSymbolicLink(file("link"), Path.of("f"));
        assertThat(handd.call(Tool.edit(file("link"), "one", "two")).replaced()).isEqualTo(1);
        assertThat(file("f")).hasContent("two");
        assertThat(Files.readAttributes(file("link"), "isSymbolicLink", LinkOption.NOFOLLOW_LINKS))
                .containsEntry("isSymbolicLink", true);
    }
}
