package dev.handloom.kit.http;

import tools.jackson.databind.JsonNode;

/** Refuses text that cannot be kept faithfully: NUL characters and halves of surrogate pairs. */
final class CleanText {
    private CleanText() {}

    static void require(String path, JsonNode node) {
        switch (node.getNodeType()) {
            case STRING -> require(path, node.stringValue());
            case OBJECT -> node.properties().forEach(field -> {
                var inside = Fields.join(path, field.getKey());
                require(inside, field.getKey());
                require(inside, field.getValue());
            });
            case ARRAY -> {
                for (int i = 0; i < node.size(); i++) {
                    require(path + "[" + i + "]", node.get(i));
                }
            }
            case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO -> {
                // No text in these.
            }
        }
    }

    static void require(String path, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == 0) {
                throw Problem.invalid(printable(path), "may not contain NUL characters");
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(c)) {
                throw Problem.invalid(printable(path), "is not valid Unicode: half of a surrogate pair");
            }
        }
    }

    /** The path itself may be what is wrong. */
    private static String printable(String path) {
        return path.replaceAll("[\\x00\\p{Cs}]", "?");
    }
}
