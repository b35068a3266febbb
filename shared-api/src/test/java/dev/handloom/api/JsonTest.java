package dev.handloom.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Not a byte of a model's JSON changes on its way through the log. */
class JsonTest {
    record Holder(Json block) {}

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"n\":1.0e2,\"big\":12345678901234567890123,\"same\":1,\"same\":2}",
                "{ \"spaces\" :\t[ 1 , 2 ]\n}",
                "{\"escaped\":\"\\u00e9\\/\\\"\",\"plain\":\"é🧵\"}",
                "\"\\ud83e\\uddf5\"",
                "null",
                ""})
    void a_document_inside_another_comes_back_byte_for_byte(String text) {
        var mapper = JsonMapper.shared();
        var stored = mapper.writeValueAsString(new Holder(new Json(text)));
        assertThat(mapper.readValue(stored, Holder.class).block().text()).isEqualTo(text);
    }
}
