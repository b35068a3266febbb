package dev.handloom.standalone.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What the demo asks for: a small project with one bug, found by its own test. */
final class Task {
    /** The rehearsal model knows its part by the words "make its test pass". */
    static final String REQUEST = """
            Here is a small shell project, top, which prints the most frequent words of a text. One line of it is wrong. \
            Put the files into /workspace/top just as they are and run test.sh to see it fail. Then find the bug, \
            correct that line and make its test pass. Tell me in two or three sentences what was wrong.""";
    static final String SYSTEM = "You are a careful engineer. Work in /workspace with the tools you have. Say in one "
            + "sentence what you are about to do before each step, and keep to what was asked.";
    static final List<String> FILES = List.of("top.sh", "test.sh", "README.md");

    private Task() {}

    static String file(String name) {
        try (var file = Task.class.getResourceAsStream("/demo/" + name)) {
            return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** All that is sent. */
    static String message() {
        var message = new StringBuilder(REQUEST);
        for (var name : FILES) {
            message.append("\n\n<file path=\"/workspace/top/")
                    .append(name)
                    .append("\">\n")
                    .append(file(name))
                    .append("</file>");
        }
        return message.toString();
    }

    /** What a reader needs to see of the rest. */
    static String attached() {
        long lines = FILES.stream().mapToLong(name -> file(name).lines().count()).sum();
        return "with " + String.join(", ", FILES) + " (" + lines + " lines)";
    }
}
