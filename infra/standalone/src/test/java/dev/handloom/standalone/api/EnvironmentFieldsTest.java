package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an environment's fields may hold (contract/resources.md §2); every refusal names its field. */
class EnvironmentFieldsTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static String cloud(String parts) {
        return "{\"name\":\"e\",\"config\":{\"type\":\"cloud\"," + parts + "}}";
    }

    private static String limited(String hosts) {
        return cloud("\"networking\":{\"type\":\"limited\",\"allowed_hosts\":" + hosts + "}");
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("name", "{}"),
                Arguments.of("name", "{\"name\":\"\"}"),
                Arguments.of("name", "{\"name\":null}"),
                Arguments.of("name", "{\"name\":\"" + "n".repeat(257) + "\"}"),
                Arguments.of("description", "{\"name\":\"e\",\"description\":" + "1}"),
                Arguments.of("scope", "{\"name\":\"e\",\"scope\":\"account\"}"),
                Arguments.of("scope", "{\"name\":\"e\",\"scope\":\"galaxy\"}"),
                Arguments.of("config", "{\"name\":\"e\",\"config\":\"cloud\"}"),
                Arguments.of("config.type", "{\"name\":\"e\",\"config\":{}}"),
                Arguments.of("config.type", "{\"name\":\"e\",\"config\":{\"type\":\"basement\"}}"),
                Arguments.of("config.networking", cloud("\"networking\":[]")),
                Arguments.of("config.networking.type", cloud("\"networking\":{\"type\":\"closed\"}")),
                Arguments.of("config.networking.allowed_hosts", limited("\"a.example\"")),
                Arguments.of("config.networking.allowed_hosts[1]", limited("[\"a.example\",\"https://b.example\"]")),
                Arguments.of("config.networking.allowed_hosts[0]", limited("[\"a.example:443\"]")),
                Arguments.of("config.networking.allowed_hosts[0]", limited("[\"a.*.example\"]")),
                Arguments.of("config.networking.allowed_hosts[0]", limited("[\"\"]")),
                Arguments.of("config.networking.allow_mcp_servers",
                        cloud("\"networking\":{\"type\":\"limited\",\"allow_mcp_servers\":1}")),
                Arguments.of("config.packages", cloud("\"packages\":[\"jq\"]")),
                Arguments.of("config.packages.pip", cloud("\"packages\":{\"pip\":\"pandas\"}")),
                Arguments.of("config.packages.pip[0]", cloud("\"packages\":{\"pip\":[1]}")),
                Arguments.of("config.packages.pip[0]", cloud("\"packages\":{\"pip\":[\"\"]}")),
                Arguments.of("config.packages.type", cloud("\"packages\":{\"type\":\"boxes\"}")),
                Arguments.of("config.packages.npm",
                        cloud("\"networking\":{\"type\":\"limited\"},\"packages\":{\"npm\":[\"x\"]}")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void a_field_that_is_wrong_is_named_and_nothing_is_stored(String field, String body) {
        var before = platform.wire().get("/v1/environments?limit=100").ids();
        var refused = platform.wire().post("/v1/environments", body);
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith(field + ": ");
        assertThat(platform.wire().get("/v1/environments?limit=100").ids()).isEqualTo(before);
    }

    static Stream<Arguments> refusedMetadata() {
        return Stream.of(
                Arguments.of("metadata.k", "{\"k\":7}"),
                Arguments.of("metadata.k", "{\"k\":\"" + "v".repeat(513) + "\"}"),
                Arguments.of("metadata", "{\"" + "k".repeat(65) + "\":\"v\"}"),
                Arguments.of("metadata", "[]"),
                Arguments.of("metadata", "{" + String.join(",", IntStream.range(0, 17)
                        .mapToObj(i -> "\"k" + i + "\":\"v\"")
                        .toList()) + "}"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusedMetadata")
    void metadata_that_is_wrong_has_a_code_of_its_own(String field, String metadata) {
        var created = platform.newEnvironment();
        for (var path : new String[]{"/v1/environments", "/v1/environments/" + created.id()}) {
            var refused = platform.wire().post(path, "{\"name\":\"e\",\"metadata\":" + metadata + "}");
            refused.assertRefused(400, "invalid_request_error");
            assertThat(refused.code()).isEqualTo("invalid_metadata");
            assertThat(refused.message()).startsWith(field + ": ");
        }
        assertThat(platform.sdk().beta().environments().retrieve(created.id())).isEqualTo(created);
    }
}
