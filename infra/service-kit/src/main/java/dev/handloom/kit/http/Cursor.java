package dev.handloom.kit.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.zip.CRC32;

/**
 * A place in a list, which the client carries from page to page without looking inside. A checksum tells a mangled one;
 * it is not a secret, because a cursor says no more than the list itself does.
 *
 * @param list      names the list it belongs to, its owner included: {@code agents}, {@code agent_versions/agent_01…}
 * @param ascending the list's order
 * @param backwards whether it leads to the page before, not the one after
 * @param at        when the entry it stands beside was created
 * @param id        the id of that entry, which is not part of the page the cursor leads to
 */
public record Cursor(String list, boolean ascending, boolean backwards, Instant at, String id) {
    private static final String SEPARATOR = "\n";
    private static final int PARTS = 6;

    public String encode() {
        var content = String.join(SEPARATOR, list, ascending ? "asc" : "desc", backwards ? "back" : "on",
                at.toString(), id);
        var text = content + SEPARATOR + checksum(content);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws Problem when the text is no cursor of this list and order */
    static Cursor decode(String text, String list, boolean ascending) {
        try {
            var content = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8);
            var parts = content.split(SEPARATOR, -1);
            if (parts.length != PARTS || !content.endsWith(SEPARATOR
                    + checksum(content.substring(0, Math.max(0, content.lastIndexOf(SEPARATOR)))))) {
                throw foreign();
            }
            var cursor = new Cursor(parts[0], parts[1].equals("asc"), parts[2].equals("back"), Instant.parse(parts[3]),
                    parts[4]);
            if (!cursor.list.equals(list)) {
                throw foreign();
            }
            if (cursor.ascending != ascending) {
                throw Problem.invalid("page", "belongs to the other order; repeat the order of the first request");
            }
            return cursor;
        } catch (IllegalArgumentException | DateTimeException _) {
            throw foreign();
        }
    }

    private static Problem foreign() {
        return Problem.invalid("page", "is not a cursor of this list");
    }

    private static String checksum(String content) {
        var crc = new CRC32();
        crc.update(content.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }
}
