package dev.handloom.sandbox.hands.handd;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import java.util.stream.Collectors;

/**
 * A search by ripgrep, or where the sandbox has none by grep. Both look into hidden and ignored files alike, pass binary
 * ones by, and keep quiet about what they may not read, so that one answer is not unlike the other.
 */
record GrepCall(ToolInput.Grep input) implements Call {
    private static final int TOOL = 6;
    /** Cut early, so that one endless line does not fill the output; the model's limit counts characters, not bytes. */
    private static final int LINE_BYTES_MAX = 4 * ToolInput.LINE_CHARS_MAX;
    private static final String SCRIPT = """
            if command -v rg >/dev/null; then
              exec rg --no-config --no-messages --no-heading --with-filename --line-number --color=never --sort=path \
            --hidden --no-ignore --glob='!.git' --glob='!node_modules' \
            --max-columns=%1$d --max-columns-preview -e "$1" -- "$2"
            fi
            set -o pipefail
            grep -rnEIHs --color=never --exclude-dir=.git --exclude-dir=node_modules -e "$1" -- "$2" | cut -b -%1$d
            """.formatted(LINE_BYTES_MAX);

    @Override
    public Payload fields() {
        return new Payload().u8(TOOL)
                .u32(Math.toIntExact(ToolInput.GREP_TIMEOUT.toMillis()))
                .str(ToolInput.WORKSPACE)
                .u32(6)
                .str("/bin/bash")
                .str("-c")
                .str(SCRIPT)
                .str("grep")
                .str(input.pattern())
                .str(input.path())
                .u32(ToolInput.OUTPUT_BYTES_MAX);
    }

    @Override
    public Duration within() {
        return ToolInput.GREP_TIMEOUT;
    }

    @Override
    public ToolResult result(Fields answer) throws BadFrame {
        int exit = answer.i32();
        var ending = new Ending(answer.i32());
        long bytes = answer.u64();
        var output = Output.text(answer.bytes());
        // Matches begin with an absolute path, complaints with the program's name.
        boolean matched = output.startsWith("/");
        if (!matched && exit > 1 && !ending.timedOut() && !ending.cancelled()) {
            return new ToolResult(output.isEmpty()
                    ? "grep: " + input.path() + " is not there or cannot be read"
                    : output.strip(), true);
        }
        var text = new StringBuilder(matched ? lines(output) : "no matches");
        if (ending.cut()) {
            Output.note(text, "[output of " + Output.number(bytes) + " bytes; this is its beginning]");
        }
        if (ending.timedOut()) {
            Output.note(text, "[stopped after " + Output.seconds(ToolInput.GREP_TIMEOUT)
                    + ": search a smaller directory]");
        } else if (ending.cancelled()) {
            Output.note(text, "[cancelled]");
        }
        return new ToolResult(text.toString(), ending.cancelled() || (ending.timedOut() && !matched));
    }

    private static String lines(String output) {
        return output.lines().map(GrepCall::shortened).collect(Collectors.joining("\n"));
    }

    private static String shortened(String line) {
        if (line.length() <= ToolInput.LINE_CHARS_MAX) {
            return line;
        }
        boolean inPair = Character.isHighSurrogate(line.charAt(ToolInput.LINE_CHARS_MAX - 1));
        return line.substring(0, ToolInput.LINE_CHARS_MAX - (inPair ? 1 : 0)) + " [line cut]";
    }
}
