package dev.handloom.kit.http;

import dev.handloom.api.Json;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads a kept document so that it is written again as it was: no digit of a number is lost, none overflows. */
public final class ExactJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ExactJson() {}

    public static JsonNode read(Json document) {
        return JSON.readTree(document.text());
    }
}
