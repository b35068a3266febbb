package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** read, write, edit, glob and grep, asked as the model writes it. None of them needs the embedded shell. */
class FileToolsTest {
    private Instant now = Instant.EPOCH;
    private final VirtualFiles files = new VirtualFiles(new Space(JvmLimits.FILES_BYTES_MAX, JvmLimits.FILES_MAX),
            () -> now);
    private final FileTools tools = new FileTools(files);
    private final SearchTools search = new SearchTools(files);
    private final StopSign stop = new StopSign();

    private ToolResult ask(String tool, String input) throws ToolInput.Unfit {
        return switch (ToolInput.of(tool, new Json(input.replace('\'', '"')))) {
            case ToolInput.Read read -> tools.read(read);
            case ToolInput.Write write -> tools.write(write);
            case ToolInput.Edit edit -> tools.edit(edit);
            case ToolInput.Glob glob -> search.glob(glob);
            case ToolInput.Grep grep -> search.grep(grep, stop);
            case ToolInput.Bash _ -> throw new AssertionError("not here");
        };
    }

    private void write(String path, String text) throws FileRefused {
        write(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(String path, byte[] bytes) throws FileRefused {
        files.makeFolder(Route.of(path).parent(), true);
        files.write(Route.of(path), bytes, false);
    }

    private String content(String path) throws FileRefused {
        return files.read(Route.of(path)).text(StandardCharsets.UTF_8);
    }

    private static ToolResult said(String text) {
        return new ToolResult(text, false);
    }

    private static ToolResult refused(String text) {
        return new ToolResult(text, true);
    }

    @Test
    void a_file_is_read_whole_or_by_lines() throws Exception {
        write("/workspace/f", "one\ntwo\nthree\n");
        assertThat(ask("read", "{'file_path':'f'}")).isEqualTo(said("one\ntwo\nthree\n"));
        assertThat(ask("read", "{'file_path':'/workspace/f','view_range':[2,2]}")).isEqualTo(said("two\n"));
        assertThat(ask("read", "{'file_path':'f','view_range':[2,-1]}")).isEqualTo(said("two\nthree\n"));
        assertThat(ask("read", "{'file_path':'f','view_range':[1,99]}")).isEqualTo(said("one\ntwo\nthree\n"));
        assertThat(ask("read", "{'file_path':'f','view_range':[4,9]}"))
                .isEqualTo(refused("read: /workspace/f has only 3 lines"));
        write("/workspace/g", "no end");
        assertThat(ask("read", "{'file_path':'g','view_range':[1,1]}")).isEqualTo(said("no end"));
        assertThat(ask("read", "{'file_path':'g','view_range':[2,2]}"))
                .isEqualTo(refused("read: /workspace/g has only 1 lines"));
        write("/workspace/empty", "");
        assertThat(ask("read", "{'file_path':'empty','view_range':[1,5]}")).isEqualTo(said(""));
    }

    @Test
    void what_is_no_file_is_not_read() throws Exception {
        write("/workspace/d/f", "");
        assertThat(ask("read", "{'file_path':'none'}"))
                .isEqualTo(refused("read: /workspace/none: no such file or directory"));
        assertThat(ask("read", "{'file_path':'d'}")).isEqualTo(refused("read: /workspace/d: is a directory"));
        assertThat(ask("read", "{'file_path':'d/f/g'}")).isEqualTo(refused("read: /workspace/d/f/g: not a directory"));
    }

    @Test
    void a_file_longer_than_256_kib_is_read_in_parts() throws Exception {
        write("/workspace/most", "x".repeat(256 << 10));
        assertThat(ask("read", "{'file_path':'most'}").text()).hasSize(256 << 10);
        write("/workspace/more", "x".repeat((256 << 10) + 1) + "\nlast");
        assertThat(ask("read", "{'file_path':'more'}")).isEqualTo(refused("read: /workspace/more has 262150 bytes; "
                + "at most 262144 are read at once: choose lines with view_range"));
        assertThat(ask("read", "{'file_path':'more','view_range':[2,2]}")).isEqualTo(said("last"));
        assertThat(ask("read", "{'file_path':'more','view_range':[1,2]}").text())
                .isEqualTo("x".repeat(256 << 10) + "\n[cut here: 262144 bytes are the most]");
    }

    @Test
    void bytes_that_are_no_text_are_shown_as_such() throws Exception {
        write("/workspace/f", new byte[]{'a', (byte) 0xff, 'b'});
        assertThat(ask("read", "{'file_path':'f'}")).isEqualTo(said("a\ufffdb"));
    }

    @Test
    void write_makes_folders_and_replaces() throws Exception {
        assertThat(ask("write", "{'file_path':'a/b/ü','content':'žluť'}"))
                .isEqualTo(said("wrote 6 bytes to /workspace/a/b/ü"));
        assertThat(ask("write", "{'file_path':'a/b/ü','content':''}"))
                .isEqualTo(said("wrote 0 bytes to /workspace/a/b/ü"));
        assertThat(content("/workspace/a/b/ü")).isEmpty();
        assertThat(ask("write", "{'file_path':'a/b','content':''}"))
                .isEqualTo(refused("write: /workspace/a/b: is a directory"));
    }

    @Test
    void edit_replaces_what_occurs_once_or_all_that_occurs() throws Exception {
        write("/workspace/f", "one two two");
        assertThat(ask("edit", "{'file_path':'f','old_string':'one','new_string':'1'}"))
                .isEqualTo(said("replaced 1 occurrence in /workspace/f"));
        assertThat(ask("edit", "{'file_path':'f','old_string':'two','new_string':'2'}")).isEqualTo(refused(
                "edit: old_string occurs 2 times in /workspace/f; make it unique, or set replace_all"));
        assertThat(ask("edit", "{'file_path':'f','old_string':'three','new_string':'3'}"))
                .isEqualTo(refused("edit: old_string does not occur in /workspace/f"));
        assertThat(content("/workspace/f")).isEqualTo("1 two two");
        assertThat(ask("edit", "{'file_path':'f','old_string':'two','new_string':'$2','replace_all':true}"))
                .isEqualTo(said("replaced 2 occurrences in /workspace/f"));
        assertThat(content("/workspace/f")).isEqualTo("1 $2 $2");
        assertThat(ask("edit", "{'file_path':'none','old_string':'x','new_string':'y'}").text())
                .endsWith("no such file or directory");
    }

    @Test
    void edit_leaves_every_other_byte_as_it_is() throws Exception {
        write("/workspace/f", new byte[]{(byte) 0xff, 'o', 'l', 'd', (byte) 0xfe, '\r', '\n'});
        ask("edit", "{'file_path':'f','old_string':'old','new_string':'ü'}");
        assertThat(files.read(Route.of("/workspace/f")).copy())
                .isEqualTo(new byte[]{(byte) 0xff, (byte) 0xc3, (byte) 0xbc, (byte) 0xfe, '\r', '\n'});
    }

    @Test
    void edit_has_its_limits() throws Exception {
        write("/workspace/most", "x".repeat(256 << 10));
        var all = "{'file_path':'most','old_string':'x','new_string':'%s','replace_all':true}";
        assertThat(ask("edit", all.formatted("y".repeat(1000))))
                .isEqualTo(refused("edit: /workspace/most: no space left on device"));
        assertThat(ask("edit", all.formatted("y")).isError()).isFalse();
        write("/workspace/more", "x".repeat((256 << 10) + 1));
        assertThat(ask("edit", "{'file_path':'more','old_string':'x','new_string':'y'}").text())
                .contains("at most 262144 can be edited");
    }

    @Test
    void glob_finds_files_newest_first() throws Exception {
        for (var path : new String[]{"old.txt", "a/mid.txt", "a/b/new.txt", "a/b/new.md", ".git/x.txt",
            "node_modules/x.txt", ".hidden.txt"}) {
            now = now.plusSeconds(1);
            write("/workspace/" + path, "");
        }
        files.link("old.txt", Route.of("/workspace/link.txt"));
        assertThat(ask("glob", "{'pattern':'**/*.txt'}")).isEqualTo(said("""
                /workspace/.hidden.txt
                /workspace/a/b/new.txt
                /workspace/a/mid.txt
                /workspace/old.txt"""));
        assertThat(ask("glob", "{'pattern':'*.txt','path':'a/b'}")).isEqualTo(said("/workspace/a/b/new.txt"));
        assertThat(ask("glob", "{'pattern':'a'}")).isEqualTo(said("no matches"));
        assertThat(ask("glob", "{'pattern':'*','path':'none'}"))
                .isEqualTo(refused("glob: /workspace/none: no such file or directory"));
    }

    @Test
    void glob_returns_200_paths_and_says_when_there_are_more() throws Exception {
        for (int i = 0; i < 200; i++) {
            now = now.plusSeconds(1);
            write("/workspace/" + i, "");
        }
        assertThat(ask("glob", "{'pattern':'*'}").text().lines()).hasSize(200).first().isEqualTo("/workspace/199");
        now = now.plusSeconds(1);
        write("/workspace/200", "");
        assertThat(ask("glob", "{'pattern':'*'}").text().lines()).hasSize(201)
                .last()
                .isEqualTo("[the newest 200 of 201 matches]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"* a true", "* a/b false", "** a/b true", "**/b b true", "**/b a/c/b true", "a/**/b a/b true",
                "a/**/b a/x/y/b true", "a/** a/b/c true", "?.c a.c true", "?.c ab.c false", "[ab].c b.c true",
                "[!ab].c b.c false",
                "[!ab].c c.c true", "[a-c].c b.c true", "*.{c,h} x.h true", "*.{c,h} x.o false", "{a,b/*}.c b/x.c true",
                "a.c axc false",
                "a+b a+b true", "[a [a true", "{a {a true", "a{b,c a{b,c true", "(a) (a) true", "**a xa true",
                "* .hidden true"})
    void a_pattern_is_a_shell_s(String pattern, String path, boolean matches) {
        assertThat(new GlobPattern(pattern).matches(path)).isEqualTo(matches);
    }

    @Test
    void grep_shows_lines_with_their_places() throws Exception {
        write("/workspace/b.txt", "alpha\nbeta\r\n");
        write("/workspace/a/c.txt", "ALPHA\ngamma alpha");
        write("/workspace/.git/x", "alpha");
        write("/workspace/binary", "alpha\0");
        assertThat(ask("grep", "{'pattern':'alpha'}"))
                .isEqualTo(said("/workspace/a/c.txt:2:gamma alpha\n/workspace/b.txt:1:alpha"));
        assertThat(ask("grep", "{'pattern':'(?i)^alpha$','path':'a'}")).isEqualTo(said("/workspace/a/c.txt:1:ALPHA"));
        assertThat(ask("grep", "{'pattern':'beta','path':'/workspace/b.txt'}"))
                .isEqualTo(said("/workspace/b.txt:2:beta"));
        assertThat(ask("grep", "{'pattern':'delta'}")).isEqualTo(said("no matches"));
        assertThat(ask("grep", "{'pattern':'('}").text()).startsWith("grep: the pattern cannot be understood");
        assertThat(ask("grep", "{'pattern':'x','path':'none'}"))
                .isEqualTo(refused("grep: /workspace/none: no such file or directory"));
    }

    @Test
    void grep_cuts_long_lines_and_long_output() throws Exception {
        write("/workspace/line", "x".repeat(2000) + "\n" + "x".repeat(2001) + "\n");
        assertThat(ask("grep", "{'pattern':'x'}").text().lines().map(String::length)).containsExactly(2000 + 18,
                2001 + 18);
        write("/workspace/many", "yes\n".repeat(10_000));
        assertThat(ask("grep", "{'pattern':'yes'}").text()).startsWith("[the end of 2")
                .endsWith("/workspace/many:10000:yes")
                .hasSizeLessThan((100 << 10) + 100);
    }

    @Test
    void grep_stops_when_it_is_told_to() throws Exception {
        write("/workspace/f", "x");
        stop.raise(StopSign.Why.CANCELLED);
        assertThat(ask("grep", "{'pattern':'x'}")).isEqualTo(refused("[grep was stopped here: cancelled]"));
    }
}
