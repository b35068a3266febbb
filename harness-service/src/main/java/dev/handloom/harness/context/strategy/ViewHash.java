package dev.handloom.harness.context.strategy;

import dev.handloom.harness.model.Model;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * The name of what a request shows the model: SHA-256 over the SHA-256 of each message, in order, and then that of tools
 * and system prompt; a message counts as {@code {"role":…,"content":[…]}}, its blocks verbatim. Keeps what it has worked
 * out, so that a view that only grew costs its new messages. Used by one thread at a time.
 */
public final class ViewHash {
    private final List<Line> done = new ArrayList<>();
    private MessageDigest running = sha256();

    static byte[] of(Model.Message message) {
        var digest = sha256();
        update(digest, "{\"role\":");
        update(digest, JsonMapper.shared().writeValueAsString(message.role()));
        update(digest, ",\"content\":[");
        var separator = "";
        for (var block : message.content()) {
            update(digest, separator);
            update(digest, block.text());
            separator = ",";
        }
        update(digest, "]}");
        return digest.digest();
    }

    /** @param prelude of tools and system prompt */
    public String of(List<Line> lines, Prelude prelude) {
        if (!goesOn(lines)) {
            done.clear();
            running = sha256();
        }
        // The last message may yet grow.
        for (int i = done.size(); i < lines.size() - 1; i++) {
            running.update(lines.get(i).digest());
            done.add(lines.get(i));
        }
        var whole = copy(running);
        if (!lines.isEmpty()) {
            whole.update(lines.getLast().digest());
        }
        whole.update(prelude.digest());
        return HexFormat.of().formatHex(whole.digest());
    }

    private boolean goesOn(List<Line> lines) {
        if (done.size() >= lines.size()) {
            return false;
        }
        for (int i = 0; i < done.size(); i++) {
            if (done.get(i) != lines.get(i)) {
                return false;
            }
        }
        return true;
    }

    static byte[] ofTexts(List<String> texts) {
        var digest = sha256();
        for (var text : texts) {
            update(digest, text);
            digest.update((byte) '\n');
        }
        return digest.digest();
    }

    private static void update(MessageDigest digest, String text) {
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
