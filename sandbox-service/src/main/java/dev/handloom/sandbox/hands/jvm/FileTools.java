package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.Hand.ToolResult;
import dev.handloom.sandbox.hands.ToolInput;
import dev.handloom.sandbox.hands.jvm.FileRefused.Errno;
import java.nio.charset.StandardCharsets;

/** read, write and edit on virtual files. None of them needs the shell, nor waits for it. */
final class FileTools {
    private final VirtualFiles files;

    FileTools(VirtualFiles files) {
        this.files = files;
    }

    ToolResult read(ToolInput.Read input) {
        try {
            var content = files.read(Route.of(input.path()));
            return input.firstLine() == 0 ? whole(input, content) : lines(input, content);
        } catch (FileRefused refused) {
            return failed("read", input.path(), refused);
        }
    }

    private static ToolResult whole(ToolInput.Read input, Content content) {
        if (content.size() > ToolInput.FILE_BYTES_MAX) {
            return new ToolResult("read: " + input.path() + " has " + content.size() + " bytes; at most "
                    + ToolInput.FILE_BYTES_MAX + " are read at once: choose lines with view_range", true);
        }
        return new ToolResult(content.text(StandardCharsets.UTF_8), false);
    }

    private static ToolResult lines(ToolInput.Read input, Content content) {
        int line = 1;
        int from = 0;
        while (from < content.size() && line < input.firstLine()) {
            line += content.at(from++) == '\n' ? 1 : 0;
        }
        if (from == content.size() && input.firstLine() > 1) {
            int inAll = content.size() == 0 || content.at(content.size() - 1) == '\n' ? line - 1 : line;
            return new ToolResult("read: " + input.path() + " has only " + inAll + " lines", true);
        }
        int to = from;
        while (to < content.size() && (input.lastLine() == 0 || line <= input.lastLine())) {
            line += content.at(to++) == '\n' ? 1 : 0;
        }
        int shown = Math.min(to, from + ToolInput.FILE_BYTES_MAX);
        return new ToolResult(content.text(from, shown, StandardCharsets.UTF_8)
                + (shown < to ? "\n[cut here: " + ToolInput.FILE_BYTES_MAX + " bytes are the most]" : ""), false);
    }

    ToolResult write(ToolInput.Write input) {
        try {
            var route = Route.of(input.path());
            var content = input.content().getBytes(StandardCharsets.UTF_8);
            files.makeFolder(route.parent(), true);
            files.write(route, content, false);
            return new ToolResult("wrote " + content.length + " bytes to " + input.path(), false);
        } catch (FileRefused refused) {
            return failed("write", input.path(), refused);
        }
    }

    /** Compares and replaces bytes, each as one character, so that a file that is not UTF-8 keeps what is not replaced. */
    ToolResult edit(ToolInput.Edit input) {
        try {
            var route = Route.of(input.path());
            var content = files.read(route);
            if (content.size() > ToolInput.FILE_BYTES_MAX) {
                return new ToolResult("edit: " + input.path() + " has " + content.size() + " bytes; at most "
                        + ToolInput.FILE_BYTES_MAX + " can be edited", true);
            }
            var text = content.text(StandardCharsets.ISO_8859_1);
            var old = bytesAsText(input.old());
            var replacement = bytesAsText(input.replacement());
            int count = count(old, text);
            if (count == 0) {
                return new ToolResult("edit: old_string does not occur in " + input.path(), true);
            }
            if (count > 1 && !input.all()) {
                return new ToolResult("edit: old_string occurs " + count + " times in " + input.path()
                        + "; make it unique, or set replace_all", true);
            }
            if (content.size() + (long) count * (replacement.length() - old.length()) > JvmLimits.FILES_BYTES_MAX) {
                throw new FileRefused(Errno.ENOSPC, input.path());
            }
            files.write(route, text.replace(old, replacement).getBytes(StandardCharsets.ISO_8859_1), false);
            return new ToolResult("replaced " + count + (count == 1 ? " occurrence in " : " occurrences in ")
                    + input.path(), false);
        } catch (FileRefused refused) {
            return failed("edit", input.path(), refused);
        }
    }

    private static String bytesAsText(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static int count(String part, String text) {
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    static ToolResult failed(String tool, String path, FileRefused refused) {
        return new ToolResult(tool + ": " + path + ": " + refused.meaning(), true);
    }
}
