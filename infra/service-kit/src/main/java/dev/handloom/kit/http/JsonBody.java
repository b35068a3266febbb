package dev.handloom.kit.http;

import dev.handloom.kit.http.ApiSettings.UnknownFields;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Turns the bytes of a request body into a JSON object, or says at which line, column and field they are not one. */
final class JsonBody {
    /** The deepest nesting of arrays and objects. */
    static final int DEPTH_MAX = 100;
    private static final int NAME_CHARS_MAX = 10_000;
    private static final int NUMBER_CHARS_MAX = 1_000;
    private static final Pattern CHARSET = Pattern.compile("(?i)charset\\s*=\\s*\"?([^\\s;\"]*)");
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNameLength(NAME_CHARS_MAX)
                    .maxNumberLength(NUMBER_CHARS_MAX)
                    // A string is as long as the body at most, and the body has its own limit.
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // Looked for below, to say it in our own words.
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonBody() {}

    /**
     * Refuses any encoding but plain UTF-8.
     *
     * @param contentType     the header, or null; its media type does not matter, as curl sends odd ones
     * @param contentEncoding the header, or null
     */
    static void requirePlainUtf8(@Nullable String contentType, @Nullable String contentEncoding) {
        if (contentEncoding != null && !contentEncoding.isBlank()
                && !contentEncoding.strip().equalsIgnoreCase("identity")) {
            throw Problem.invalid("Content-Encoding", "is not supported here; send the body as it is",
                    "request_body_encoding_unsupported");
        }
        var charset = contentType == null ? null : CHARSET.matcher(contentType);
        if (charset != null && charset.find() && !isUtf8(charset)) {
            throw Problem.invalid("Content-Type", "the charset must be utf-8", "unsupported_charset");
        }
    }

    private static boolean isUtf8(Matcher charset) {
        var name = charset.group(1);
        return name.equalsIgnoreCase("utf-8") || name.equalsIgnoreCase("utf8") || name.equalsIgnoreCase("us-ascii");
    }

    /** An empty body counts as {@code {}}, because many POSTs of the contract have none. */
    public static Fields read(byte[] body, UnknownFields unknown) {
        var text = decode(body);
        if (text.isBlank()) {
            return new Fields("", JSON.createObjectNode(), unknown);
        }
        var root = parse(text);
        if (!root.isObject()) {
            throw Problem.invalid("the request body must be a JSON object, not " + Fields.kindOf(root));
        }
        CleanText.require("", root);
        return new Fields("", root, unknown);
    }

    private static String decode(byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException _) {
            throw Problem.of(Problem.Kind.INVALID, "the request body is not valid UTF-8",
                    "request_body_encoding_invalid");
        }
    }

    private static JsonNode parse(String text) {
        try (var parser = JSON.createParser(text)) {
            try {
                JsonNode root = JSON.readTree(parser);
                if (parser.nextToken() != null) {
                    throw broken("there is more after the end of the object", parser);
                }
                return root;
            } catch (StreamConstraintsException tooMuch) {
                throw Problem.invalid("the request body is not acceptable JSON: " + tooMuch.getOriginalMessage());
            } catch (JacksonException malformed) {
                throw broken(malformed.getOriginalMessage(), parser);
            }
        }
    }

    private static Problem broken(String why, JsonParser parser) {
        var at = parser.currentLocation();
        var field = Fields.path(parser.streamReadContext().pathAsPointer());
        return Problem.invalid("the request body is not valid JSON at line " + at.getLineNr() + ", column "
                + at.getColumnNr() + (field.isEmpty() ? "" : ", in " + field) + ": " + why);
    }
}
