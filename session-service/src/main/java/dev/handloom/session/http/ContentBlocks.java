package dev.handloom.session.http;

import dev.handloom.api.Json;
import dev.handloom.kit.http.Fields;
import dev.handloom.kit.http.Problem;
import java.util.Base64;
import java.util.List;

/** Checks the form of content blocks a client sends (contract/events.md §1.1). What passes is kept as it was sent. */
final class ContentBlocks {
    private static final int BLOCKS_MAX = 1000;
    private static final int TEXT_CHARS_MAX = 32 << 20;
    private static final int URL_CHARS_MAX = 2048;
    private static final String[] IMAGE_TYPES = {"image/png", "image/jpeg", "image/gif", "image/webp"};

    private ContentBlocks() {}

    /** @param least how many blocks there must be */
    static Json message(Fields event, int least) {
        return read(event, least, false);
    }

    static Json toolResult(Fields event) {
        return read(event, 0, true);
    }

    static Json system(Fields event) {
        var blocks = event.objects("content", BLOCKS_MAX);
        requireAtLeast(1, blocks, event);
        for (var block : blocks) {
            block.requireOneOf("type", "text");
            text(block);
        }
        return json(event);
    }

    private static Json read(Fields event, int least, boolean toolResult) {
        var blocks = event.objects("content", BLOCKS_MAX);
        requireAtLeast(least, blocks, event);
        for (var block : blocks) {
            var type = toolResult
                    ? block.requireOneOf("type", "text", "image", "document", "search_result")
                    : block.requireOneOf("type", "text", "image", "document");
            switch (type) {
                case "text" -> text(block);
                case "image" -> image(block);
                case "document" -> document(block);
                default -> searchResult(block);
            }
        }
        return json(event);
    }

    private static void requireAtLeast(int least, List<Fields> blocks, Fields event) {
        if (blocks.size() < least) {
            throw event.invalid("content", event.hasValue("content") ? "must not be empty" : "is required");
        }
    }

    private static Json json(Fields event) {
        var content = event.value("content");
        return new Json(content == null ? "[]" : content.toString());
    }

    private static void text(Fields block) {
        block.only("type", "text").requireString("text", 1, TEXT_CHARS_MAX);
    }

    private static void image(Fields block) {
        var source = block.only("type", "source").requireObject("source");
        switch (source.requireOneOf("type", "base64", "url", "file")) {
            case "base64" -> {
                source.only("type", "media_type", "data").requireOneOf("media_type", IMAGE_TYPES);
                base64(source);
            }
            case "url" -> url(source);
            default -> file(source);
        }
    }

    private static void document(Fields block) {
        block.only("type", "source", "title", "context");
        block.optionalString("title", TEXT_CHARS_MAX);
        block.optionalString("context", TEXT_CHARS_MAX);
        var source = block.requireObject("source");
        switch (source.requireOneOf("type", "base64", "url", "file", "text")) {
            case "base64" -> {
                source.only("type", "media_type", "data").requireString("media_type", 1, URL_CHARS_MAX);
                base64(source);
            }
            case "text" -> {
                source.only("type", "media_type", "data").requireOneOf("media_type", "text/plain");
                source.requireString("data", 0, TEXT_CHARS_MAX);
            }
            case "url" -> url(source);
            default -> file(source);
        }
    }

    private static void searchResult(Fields block) {
        block.only("type", "source", "title", "content", "citations");
        block.requireString("source", 1, TEXT_CHARS_MAX);
        block.requireString("title", 1, TEXT_CHARS_MAX);
        for (var part : block.objects("content", BLOCKS_MAX)) {
            part.requireOneOf("type", "text");
            text(part);
        }
        var citations = block.optionalObject("citations");
        if (citations != null) {
            citations.only("enabled").bool("enabled", false);
        }
    }

    private static void url(Fields source) {
        var url = source.only("type", "url").requireString("url", 1, URL_CHARS_MAX);
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            throw source.invalid("url", "must begin with https:// or http://");
        }
    }

    private static void file(Fields source) {
        source.only("type", "file_id").requireString("file_id", 1, URL_CHARS_MAX);
        throw Problem.notBuilt("file sources; files arrive with the hands");
    }

    private static void base64(Fields source) {
        var data = source.requireString("data", 1, TEXT_CHARS_MAX);
        try {
            Base64.getDecoder().decode(data);
        } catch (IllegalArgumentException _) {
            throw source.invalid("data", "is not base64");
        }
    }
}
