package dev.handloom.kit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.handloom.kit.http.ApiSettings.UnknownFields;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A body is read field by field, and every complaint says where. */
class JsonBodyTest {
    private static Fields read(String body) {
        return JsonBody.read(body.getBytes(StandardCharsets.UTF_8), UnknownFields.IGNORE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":        | line 1, column",
                "{`\"tools\":[{\"name\":tru}]}` | in tools[0].name",
                "{\"a\":1,\"a\":2} | Duplicate",
                "[1]            | must be a JSON object, not an array",
                "{} {}          | more after the end",
                "{\"a\":01}     | line 1",
                "nul            | line 1"})
    void broken_json_is_refused_with_its_place(String body, String expected) {
        assertThatThrownBy(() -> read(body.replace("`", ""))).isInstanceOf(Problem.class)
                .hasMessageContaining(expected);
    }

    @Test
    void nesting_has_a_limit() {
        var deep = "{\"a\":" + "[".repeat(JsonBody.DEPTH_MAX - 1) + "]".repeat(JsonBody.DEPTH_MAX - 1) + "}";
        assertThat(read(deep).has("a")).isTrue();
        assertThatThrownBy(() -> read("{\"a\":[" + deep + "]}")).isInstanceOf(Problem.class)
                .hasMessageContaining("not acceptable JSON");
    }

    @Test
    void text_that_cannot_be_kept_is_refused_by_its_place() {
        assertThatThrownBy(() -> read("{\"tools\":[{\"name\":\"a\\u0000\"}]}"))
                .hasMessageStartingWith("tools[0].name: ");
        assertThatThrownBy(() -> read("{\"name\":\"\\ud800\"}")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> read("{\"a\\ude00\":1}")).hasMessageContaining("surrogate");
        assertThat(read("{\"name\":\"\\ud83d\\ude00\"}").requireString("name", 1, 1)).isEqualTo("😀");
    }

    static Stream<Arguments> complaints() {
        return Stream.of(
                complaint(body -> body.requireString("none", 1, 9), "none: is required"),
                complaint(body -> body.requireString("null", 1, 9), "null: must be a string, not null"),
                complaint(body -> body.requireString("number", 1, 9), "number: must be a string, not a number"),
                complaint(body -> body.requireString("empty", 1, 9), "empty: must not be empty"),
                complaint(body -> body.optionalString("text", 3), "text: may have at most 3 characters"),
                complaint(body -> body.requireOneOf("text", "a", "b"),
                        "text: must be one of \"a\", \"b\", not \"four\""),
                complaint(body -> body.bool("text", true), "text: must be true or false, not a string"),
                complaint(body -> body.optionalInteger("fraction", 0, 9),
                        "fraction: must be a whole number, not a fraction"),
                complaint(body -> body.optionalInteger("number", 1, 9), "number: must be 1 to 9"),
                complaint(body -> body.optionalInteger("huge", 1, Long.MAX_VALUE), "huge: must be at least 1"),
                complaint(body -> body.requireObject("text"), "text: must be an object, not a string"),
                complaint(body -> body.requireObject("none"), "none: is required"),
                complaint(body -> body.objects("list", 9), "list[1]: must be an object, not a number"),
                complaint(body -> body.objects("list", 1), "list: may have at most 1 entries"),
                complaint(body -> body.strings("object", 9, 9), "object: must be an array, not an object"),
                complaint(body -> body.requireObject("object").only("a"), "object.b: is not a known field"),
                complaint(body -> body.metadata("bad"), "bad.k: must be a string, not null"),
                complaint(body -> body.metadata("text"), "text: must be an object, not a string"),
                complaint(body -> body.metadata("list"), "list: must be an object, not an array"));
    }

    private static Arguments complaint(Consumer<Fields> reading, String message) {
        return Arguments.of(reading, message);
    }

    @ParameterizedTest
    @MethodSource("complaints")
    void a_wrong_field_is_refused_by_name(Consumer<Fields> reading, String message) {
        var body = read("""
                {"null":null,"number":10,"huge":99999999999999999999,"fraction":1.5,"empty":"","text":"four",
                 "list":[{},1],"object":{"a":1,"b":2},"bad":{"k":null}}""");
        assertThatThrownBy(() -> reading.accept(body)).isInstanceOf(Problem.class).hasMessage(message);
    }

    @Test
    void metadata_holds_sixteen_pairs_of_limited_length() {
        assertThat(read("{\"m\":" + pairs(16, 512) + "}").metadata("m")).hasSize(16);
        for (var tooMuch : new String[]{pairs(17, 1), pairs(1, 513), "{\"\":\"v\"}",
            "{\"" + "k".repeat(65) + "\":\"v\"}"}) {
            var problem = catchThrowableOfType(Problem.class, () -> read("{\"m\":" + tooMuch + "}").metadata("m"));
            assertThat(problem.code()).isEqualTo("invalid_metadata");
        }
    }

    private static String pairs(int count, int valueChars) {
        var pairs = new StringBuilder("{");
        for (int i = 0; i < count; i++) {
            pairs.append(i == 0 ? "" : ",")
                    .append("\"k")
                    .append(i)
                    .append("\":\"")
                    .append("v".repeat(valueChars))
                    .append('"');
        }
        return pairs.append('}').toString();
    }

    @Test
    void a_patch_sets_texts_and_removes_nulls_and_the_limit_holds_for_the_result() {
        Map<String, @Nullable String> patch = read("{\"m\":{\"a\":\"1\",\"b\":null}}").metadataPatch("m");
        assertThat(Metadata.patched("m", Map.of("b", "2", "c", "3"), patch)).isEqualTo(Map.of("a", "1", "c", "3"));
        var full = new HashMap<String, String>();
        for (int i = 0; i < 16; i++) {
            full.put("k" + i, "v");
        }
        assertThatThrownBy(() -> Metadata.patched("m", full, Map.of("one_more", "v")))
                .hasMessageContaining("at most 16");
    }

    @Test
    void unknown_fields_are_refused_only_where_told_to() {
        var body = "{\"name\":\"x\",\"nmae\":\"y\"}".getBytes(StandardCharsets.UTF_8);
        assertThat(JsonBody.read(body, UnknownFields.IGNORE).know("name").has("nmae")).isTrue();
        assertThatThrownBy(() -> JsonBody.read(body, UnknownFields.REFUSE).know("name"))
                .hasMessage("nmae: is not a known field");
    }
}
