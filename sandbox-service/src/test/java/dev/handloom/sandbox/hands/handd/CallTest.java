package dev.handloom.sandbox.hands.handd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the model reads of each answer that handd may give. */
class CallTest {
    private static final int TIMED_OUT = 1;
    private static final int CUT = 2;
    private static final int NEW_SHELL = 4;
    private static final int CANCELLED = 8;
    private static final int FULL = 16;

    private static Fields answer(Payload payload) {
        var bytes = ByteBuffer.allocate(payload.size()).order(ByteOrder.LITTLE_ENDIAN);
        payload.copyTo(bytes);
        return new Fields(bytes.flip());
    }

    private static Payload u64(Payload payload, long value) {
        return payload.u32((int) value).u32((int) (value >>> 32));
    }

    private static ToolResult bash(int exit, int flags, long bytes, String output) throws BadFrame {
        var call = new BashCall(new ToolInput.Bash("x", false, null), Duration.ofMinutes(2), Duration.ofMinutes(10));
        return call.result(answer(u64(new Payload().u32(exit).u32(flags), bytes)
                .str("/workspace/d")
                .str((flags & CUT) == 0 ? "" : "/run/hands/7.out")
                .str(output)));
    }

    @Test
    void bash_that_goes_well() throws Exception {
        assertThat(bash(0, 0, 3, "hi\n")).isEqualTo(new ToolResult("hi\n", false));
        assertThat(bash(0, 0, 0, "")).isEqualTo(new ToolResult("", false));
    }

    @Test
    void bash_that_fails() throws Exception {
        assertThat(bash(2, 0, 3, "no\n")).isEqualTo(new ToolResult("no\nexit 2", true));
        assertThat(bash(2, 0, 2, "no")).isEqualTo(new ToolResult("no\nexit 2", true));
        assertThat(bash(137, 0, 0, "")).isEqualTo(new ToolResult("exit 137", true));
    }

    @Test
    void bash_that_takes_too_long() throws Exception {
        assertThat(bash(137, TIMED_OUT, 2, "a\n")).isEqualTo(new ToolResult(
                "a\n[timed out after 120 s and was killed; timeout_ms may be up to 600000]", true));
        assertThat(bash(137, TIMED_OUT | NEW_SHELL, 0, "")).isEqualTo(new ToolResult(
                "[timed out after 120 s and was killed; timeout_ms may be up to 600000]\n"
                        + "[the shell ended; a new one stands in /workspace/d, without the variables and functions of the "
                        + "old one]",
                true));
    }

    @Test
    void bash_that_is_cut_off_says_so() throws Exception {
        assertThat(bash(0, CUT, 1_234_567, "tail\n")).isEqualTo(new ToolResult(
                "[output of 1,234,567 bytes; this is its end, all of it is in /run/hands/7.out]\ntail\n", false));
        assertThat(bash(0, CUT | FULL, 1_234_567, "tail").text()).isEqualTo(
                "[output of 1,234,567 bytes; this is its end, as much as is kept of it is in /run/hands/7.out]\n"
                        + "tail\n[it wrote more than can be kept; the rest is lost]");
        assertThat(bash(137, CANCELLED, 0, "")).isEqualTo(new ToolResult("[cancelled]", true));
    }

    @Test
    void a_tail_does_not_begin_in_the_middle_of_a_character() throws Exception {
        var call = new BashCall(new ToolInput.Bash("x", false, null), Duration.ofSeconds(1), Duration.ofSeconds(1));
        var cut = call.result(new Fields(ByteBuffer.wrap(new byte[]{0, 0, 0, 0, CUT, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, (byte) 0x9c, (byte) 0x93, 'o', 'k'}).order(ByteOrder.LITTLE_ENDIAN)));
        assertThat(cut.text()).isEqualTo("[output of 9 bytes; this is its end]\nok");
    }

    @Test
    void a_restart_alone_is_confirmed() throws Exception {
        var call = new BashCall(new ToolInput.Bash(null, true, null), Duration.ofSeconds(1), Duration.ofSeconds(1));
        assertThat(call.result(answer(u64(new Payload().u32(0).u32(0), 0).str("/workspace").str("").str(""))))
                .isEqualTo(new ToolResult("bash session restarted", false));
    }

    @Test
    void escape_sequences_are_taken_out() {
        assertThat(Output.withoutEscapes("\u001B[1;31mred\u001B[0m \u001B]0;title\u0007x\u001B]8;;http://a\u001B\\link"
                + "\u001B(B\u001B[2K\u001B[?25l\u001B=end\u001B")).isEqualTo("red xlinkend");
        var long_ = "\u001B[" + "1;".repeat(200_000) + "m" + "\u001B]" + "x".repeat(200_000);
        assertThat(Output.withoutEscapes("a" + long_)).isEqualTo("a");
    }

    private static ToolResult read(int first, int last, long bytes, int flags, int lines, String content)
            throws BadFrame {
        return new ReadCall(new ToolInput.Read("/workspace/a", first, last))
                .result(answer(u64(new Payload(), bytes).u32(flags).u32(lines).str(content)));
    }

    @Test
    void read_gives_what_was_asked_or_says_why_not() throws Exception {
        assertThat(read(0, 0, 4, 0, 2, "a\nb\n")).isEqualTo(new ToolResult("a\nb\n", false));
        assertThat(read(0, 0, 0, 0, 0, "")).isEqualTo(new ToolResult("", false));
        assertThat(read(0, 0, 300_000, 1, 812, "x")).isEqualTo(new ToolResult(
                "read: /workspace/a has 300,000 bytes; a file of more than 262,144 is not read whole. Give view_range, "
                        + "such as [1, 812] for what would fit, or search it with grep.",
                true));
        assertThat(read(9, 0, 4, 0, 2, "")).isEqualTo(new ToolResult(
                "read: /workspace/a has 2 lines, so there is no line 9", true));
        assertThat(read(1, 0, 300_000, 1, 812, "x").text()).isEqualTo(
                "x\n[cut in line 812: a selection is at most 262,144 bytes; the file has 300,000]");
    }

    @Test
    void write_and_edit_are_confirmed() throws Exception {
        var write = new WriteCall(new ToolInput.Write("/workspace/a", ""));
        assertThat(write.result(answer(new Payload().u8(1)))).isEqualTo(new ToolResult("created /workspace/a", false));
        assertThat(write.result(answer(new Payload().u8(0))))
                .isEqualTo(new ToolResult("overwrote /workspace/a", false));
        var edit = new EditCall(new ToolInput.Edit("/workspace/a", "x", "y", true));
        assertThat(edit.result(answer(new Payload().u32(1))).text()).isEqualTo("edited /workspace/a: 1 replacement");
        assertThat(edit.result(answer(new Payload().u32(3))).text()).isEqualTo("edited /workspace/a: 3 replacements");
        assertThat(edit.failed(2, "/workspace/a: No such file or directory"))
                .isEqualTo(new ToolResult("edit: /workspace/a: No such file or directory", true));
        assertThat(edit.failed(5, "")).isEqualTo(new ToolResult("edit: error 5", true));
    }

    @Test
    void glob_lists_paths() throws Exception {
        var glob = new GlobCall(new ToolInput.Glob("*", "/workspace"));
        assertThat(glob.result(answer(new Payload().u32(0).u32(2).str("/b").str("/a"))).text()).isEqualTo("/b\n/a");
        assertThat(glob.result(answer(new Payload().u32(0).u32(0)))).isEqualTo(new ToolResult("no matches", false));
        assertThat(glob.result(answer(new Payload().u32(3).u32(1).str("/b"))).text()).isEqualTo(
                "/b\n[more files match; these are the 200 newest]\n"
                        + "[there are too many files to look at all of them: search a smaller directory]");
        assertThatThrownBy(() -> glob.result(answer(new Payload().u32(0).u32(201)))).isInstanceOf(BadFrame.class);
        assertThatThrownBy(() -> glob.result(answer(new Payload().u32(0).u32(2).str("/b"))))
                .isInstanceOf(BadFrame.class);
    }

    private static ToolResult grep(int exit, int flags, long bytes, String output) throws BadFrame {
        return new GrepCall(new ToolInput.Grep("x", "/workspace"))
                .result(answer(u64(new Payload().u32(exit).u32(flags), bytes).str(output)));
    }

    @Test
    void grep_lists_lines_or_says_why_not() throws Exception {
        assertThat(grep(0, 0, 9, "/a:1:x\n")).isEqualTo(new ToolResult("/a:1:x", false));
        assertThat(grep(1, 0, 0, "")).isEqualTo(new ToolResult("no matches", false));
        assertThat(grep(2, 0, 9, "/a:1:x\n")).as("some files could not be read")
                .isEqualTo(new ToolResult("/a:1:x", false));
        assertThat(grep(2, 0, 20, "rg: regex parse error\n")).isEqualTo(new ToolResult("rg: regex parse error", true));
        assertThat(grep(2, 0, 0, "")).isEqualTo(
                new ToolResult("grep: /workspace is not there or cannot be read", true));
        assertThat(grep(137, TIMED_OUT, 0, "")).isEqualTo(
                new ToolResult("no matches\n[stopped after 60 s: search a smaller directory]", true));
        assertThat(grep(0, CUT, 200_000, "/a:1:x\n").text()).isEqualTo(
                "/a:1:x\n[output of 200,000 bytes; this is its beginning]");
        assertThat(grep(0, 0, 9000, "/" + "x".repeat(9000) + "\n").text()).isEqualTo(
                "/" + "x".repeat(ToolInput.LINE_CHARS_MAX - 1) + " [line cut]");
        assertThat(grep(0, 0, 9000, "/" + "x".repeat(ToolInput.LINE_CHARS_MAX - 2) + "😀".repeat(9)).text())
                .isEqualTo("/" + "x".repeat(ToolInput.LINE_CHARS_MAX - 2) + " [line cut]");
    }
}
