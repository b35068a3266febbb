package dev.handloom.kit.http;

import dev.handloom.kit.Ids;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request says about being repeated: its {@code Idempotency-Key} header, 1 to 255 visible ASCII characters, or
 * nothing. The ids of what a request with a key creates follow from the key, so that its repetition finds it, whatever
 * died between the commit and the answer.
 */
public final class Once {
    public static final String HEADER = "Idempotency-Key";
    /** How long a key is remembered. */
    public static final Duration KEPT = Duration.ofHours(24);
    private static final Pattern FORM = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final @Nullable String key;

    private Once(@Nullable String key) {
        this.key = key;
    }

    static Once of(List<String> headers) {
        if (headers.isEmpty()) {
            return new Once(null);
        }
        if (headers.size() > 1 || !FORM.matcher(headers.getFirst()).matches()) {
            throw Problem.invalid(HEADER, "must be given once, with 1 to 255 visible ASCII characters");
        }
        return new Once(headers.getFirst());
    }

    /** The key came with another body before. */
    public static Problem used() {
        return Problem.conflict(HEADER + ": this key was used in the last 24 hours with another request body");
    }

    public boolean given() {
        return key != null;
    }

    /**
     * The id of what is to be created.
     *
     * @param what       names the kind of request: each kind has keys of its own
     * @param generation 0, or how many things had the key before whose day has passed
     * @return a new one each time when there is no key
     */
    public String id(String prefix, String what, int generation) {
        return key == null ? Ids.next(prefix) : Ids.of(prefix, sha256(what + "\n" + generation + "\n" + key));
    }

    /** Stands for the key in what is stored. */
    public String digest(String what) {
        return Ids.of("", sha256(what + "\n" + key));
    }

    /** Stands for a body in what is stored; white space between its parts does not matter. */
    public static String digest(Fields body) {
        return Ids.of("", sha256(body.json().toString()));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
