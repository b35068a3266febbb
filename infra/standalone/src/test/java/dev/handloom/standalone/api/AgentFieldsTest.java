package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an agent's fields may hold (contract/resources.md §1.1, §1.2); every refusal names its field. */
class AgentFieldsTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static final String LONG_NAME = "n".repeat(256);

    /** A body: the smallest valid agent, with these fields added or in place of its own. */
    private static String agent(String fields) {
        return fields.contains("\"name\":") && fields.contains("\"model\":")
                ? "{" + fields + "}"
                : "{\"name\":\"a\",\"model\":\"m\"" + (fields.isEmpty() ? "" : ",") + fields + "}";
    }

    private static String tool(String tool) {
        return agent("\"tools\":[" + tool + "]");
    }

    private static String custom(String fields) {
        return tool("{\"type\":\"custom\"," + fields + "}");
    }

    private static String weather(String name) {
        return "{\"type\":\"custom\",\"name\":\"" + name
                + "\",\"description\":\"d\",\"input_schema\":{\"type\":\"object\"}}";
    }

    private static String schema(String schema) {
        return custom("\"name\":\"t\",\"description\":\"d\",\"input_schema\":" + schema);
    }

    private static String toolset(String fields) {
        return tool("{\"type\":\"agent_toolset_20260401\"," + fields + "}");
    }

    private static String server(String name, String url) {
        return "{\"type\":\"url\",\"name\":\"" + name + "\",\"url\":\"" + url + "\"}";
    }

    private static String mcp(String toolsets, String servers) {
        return agent("\"tools\":[" + toolsets + "],\"mcp_servers\":[" + servers + "]");
    }

    private static final String DOCS = "{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"docs\"}";

    private static String metadata(int pairs) {
        return "\"metadata\":{" + String.join(",", IntStream.range(0, pairs)
                .mapToObj(i -> "\"k" + i + "\":\"v\"")
                .toList()) + "}";
    }

    private static String customTools(int count) {
        return String.join(",", IntStream.range(0, count).mapToObj(i -> weather("t" + i)).toList());
    }

    static final List<Arguments> REFUSED = List.of(
            // The body itself
            Arguments.of("name", "{\"model\":\"m\"}"),
            Arguments.of("model", "{\"name\":\"a\"}"),
            Arguments.of("name", "{\"name\":null,\"model\":\"m\"}"),
            Arguments.of("name", "{\"name\":\"\",\"model\":\"m\"}"),
            Arguments.of("name", "{\"name\":7,\"model\":\"m\"}"),
            Arguments.of("name", "{\"name\":\"" + LONG_NAME + "n\",\"model\":\"m\"}"),
            Arguments.of("description", agent("\"description\":\"" + "d".repeat(2049) + "\"")),
            Arguments.of("description", agent("\"description\":[]")),
            Arguments.of("system", agent("\"system\":\"" + "s".repeat(100_001) + "\"")),
            Arguments.of("system", agent("\"system\":{}")),
            // The model
            Arguments.of("model", "{\"name\":\"a\",\"model\":null}"),
            Arguments.of("model", "{\"name\":\"a\",\"model\":\"\"}"),
            Arguments.of("model", "{\"name\":\"a\",\"model\":1}"),
            Arguments.of("model", "{\"name\":\"a\",\"model\":[]}"),
            Arguments.of("model.id", "{\"name\":\"a\",\"model\":{}}"),
            Arguments.of("model.id", "{\"name\":\"a\",\"model\":{\"id\":\"\"}}"),
            Arguments.of("model.effort", "{\"name\":\"a\",\"model\":{\"id\":\"m\",\"effort\":\"huge\"}}"),
            Arguments.of("model.effort", "{\"name\":\"a\",\"model\":{\"id\":\"m\",\"effort\":3}}"),
            Arguments.of("model.effort.type", "{\"name\":\"a\",\"model\":{\"id\":\"m\",\"effort\":{}}}"),
            Arguments.of("model.speed", "{\"name\":\"a\",\"model\":{\"id\":\"m\",\"speed\":\"slow\"}}"),
            Arguments.of("model.inference_geo", "{\"name\":\"a\",\"model\":{\"id\":\"m\",\"inference_geo\":\"mars\"}}"),
            // Execution identity
            Arguments.of("execution_identity.type", agent("\"execution_identity\":{\"type\":\"root\"}")),
            Arguments.of("execution_identity.type", agent("\"execution_identity\":{}")),
            Arguments.of("execution_identity", agent("\"execution_identity\":\"service_account\"")),
            // Metadata
            Arguments.of("metadata", agent(metadata(17))),
            Arguments.of("metadata", agent("\"metadata\":{\"" + "k".repeat(65) + "\":\"v\"}")),
            Arguments.of("metadata", agent("\"metadata\":{\"\":\"v\"}")),
            Arguments.of("metadata.k", agent("\"metadata\":{\"k\":\"" + "v".repeat(513) + "\"}")),
            Arguments.of("metadata.k", agent("\"metadata\":{\"k\":1}")),
            Arguments.of("metadata.k", agent("\"metadata\":{\"k\":null}")),
            Arguments.of("metadata", agent("\"metadata\":[]")),
            // Tools in general
            Arguments.of("tools", agent("\"tools\":{}")),
            Arguments.of("tools[0]", tool("\"bash\"")),
            Arguments.of("tools[0]", tool("null")),
            Arguments.of("tools[0].type", tool("{}")),
            Arguments.of("tools[0].type", tool("{\"type\":\"agent_toolset_20990101\"}")),
            Arguments.of("tools", tool(customTools(257))),
            Arguments.of("tools", tool("{\"type\":\"agent_toolset_20260401\"}," + customTools(249))),
            // The agent toolset
            Arguments.of("tools[1].type",
                    tool("{\"type\":\"agent_toolset_20260401\"},{\"type\":\"agent_toolset_20260401\"}")),
            Arguments.of("tools[0].configs[0].name", toolset("\"configs\":[{\"name\":\"fly\"}]")),
            Arguments.of("tools[0].configs[0].name", toolset("\"configs\":[{\"enabled\":true}]")),
            Arguments.of("tools[0].configs[1].name", toolset("\"configs\":[{\"name\":\"bash\"},{\"name\":\"bash\"}]")),
            Arguments.of("tools[0].configs[0].type", toolset("\"configs\":[{\"name\":\"bash\",\"type\":\"read\"}]")),
            Arguments.of("tools[0].configs[0].enabled",
                    toolset("\"configs\":[{\"name\":\"bash\",\"enabled\":\"yes\"}]")),
            Arguments.of("tools[0].configs[0].permission_policy.type",
                    toolset("\"configs\":[{\"name\":\"bash\",\"permission_policy\":{\"type\":\"never\"}}]")),
            Arguments.of("tools[0].configs[0].permission_policy",
                    toolset("\"configs\":[{\"name\":\"bash\",\"permission_policy\":\"always_ask\"}]")),
            Arguments.of("tools[0].configs[0].enable", toolset("\"configs\":[{\"name\":\"bash\",\"enable\":true}]")),
            Arguments.of("tools[0].default_config.name", toolset("\"default_config\":{\"name\":\"bash\"}")),
            Arguments.of("tools[0].defaults", toolset("\"defaults\":{}")),
            // Custom tools
            Arguments.of("tools[0].name", custom("\"description\":\"d\",\"input_schema\":{\"type\":\"object\"}")),
            Arguments.of("tools[0].name", tool(weather("has space"))),
            Arguments.of("tools[0].name", tool(weather("größe"))),
            Arguments.of("tools[0].name", tool(weather("t".repeat(129)))),
            Arguments.of("tools[0].name", tool(weather("bash"))),
            Arguments.of("tools[0].name", tool(weather("web_search"))),
            Arguments.of("tools[0].name", tool(weather("mcp__docs__read"))),
            Arguments.of("tools[0].name", tool(weather("ant__anything"))),
            Arguments.of("tools[1].name", tool(weather("t") + "," + weather("t"))),
            Arguments.of("tools[0].description", custom("\"name\":\"t\",\"input_schema\":{\"type\":\"object\"}")),
            Arguments.of("tools[0].description",
                    custom("\"name\":\"t\",\"description\":\"\",\"input_schema\":{\"type\":\"object\"}")),
            Arguments.of("tools[0].input_schema", custom("\"name\":\"t\",\"description\":\"d\"")),
            Arguments.of("tools[0].input_schema", schema("[]")),
            Arguments.of("tools[0].input_schema.type", schema("{}")),
            Arguments.of("tools[0].input_schema.type", schema("{\"type\":\"string\"}")),
            Arguments.of("tools[0].input_schema.oneOf", schema("{\"type\":\"object\",\"oneOf\":[]}")),
            Arguments.of("tools[0].input_schema.anyOf", schema("{\"type\":\"object\",\"anyOf\":[]}")),
            Arguments.of("tools[0].input_schema.allOf", schema("{\"type\":\"object\",\"allOf\":[]}")),
            Arguments.of("tools[0].input_schema",
                    schema("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/x\"}}}")),
            Arguments.of("tools[0].input_schema.properties", schema("{\"type\":\"object\",\"properties\":[]}")),
            Arguments.of("tools[0].input_schema.required", schema("{\"type\":\"object\",\"required\":\"a\"}")),
            Arguments.of("tools[0].input_schema.required[0]", schema("{\"type\":\"object\",\"required\":[1]}")),
            // MCP
            Arguments.of("mcp_servers", agent("\"mcp_servers\":\"docs\"")),
            Arguments.of("mcp_servers[0].name", mcp("", server("docs", "https://a.example"))),
            Arguments.of("mcp_servers", mcp(DOCS, "")),
            Arguments.of("mcp_servers[1].name",
                    mcp(DOCS, server("docs", "https://a.example") + "," + server("docs", "https://b.example"))),
            Arguments.of("tools[1].mcp_server_name", mcp(DOCS + "," + DOCS, server("docs", "https://a.example"))),
            Arguments.of("mcp_servers[0].url", mcp(DOCS, server("docs", "ftp://a.example"))),
            Arguments.of("mcp_servers[0].url", mcp(DOCS, server("docs", "https://" + "a".repeat(2041)))),
            Arguments.of("mcp_servers[0].name", mcp(DOCS, server("d".repeat(256), "https://a.example"))),
            Arguments.of("mcp_servers[0].name", mcp(DOCS, server("", "https://a.example"))),
            Arguments.of("mcp_servers[0].type", mcp(DOCS, "{\"type\":\"stdio\",\"name\":\"docs\",\"url\":\"x\"}")),
            Arguments.of("tools[0].mcp_server_name", tool("{\"type\":\"mcp_toolset\"}")),
            Arguments.of("tools[0].configs[0].type",
                    mcp("{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"docs\",\"configs\":[{\"name\":\"a\",\"type\":\"a\"}]}",
                            server("docs", "https://a.example"))),
            Arguments.of("tools[0].configs[0].name",
                    mcp("{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"docs\",\"configs\":[{\"name\":\""
                            + "t".repeat(129) + "\"}]}", server("docs", "https://a.example"))),
            Arguments.of("mcp_servers", agent("\"mcp_servers\":[" + String.join(",", IntStream.range(0, 21)
                    .mapToObj(i -> server("s" + i, "https://a.example"))
                    .toList()) + "]")));

    @ParameterizedTest(name = "{0}: {1}")
    @FieldSource("REFUSED")
    void a_field_that_is_wrong_is_named_and_nothing_is_stored(String field, String body) {
        var before = platform.wire().get("/v1/agents?limit=100").ids();
        var refused = platform.wire().post("/v1/agents", body);
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith(field + ": ");
        assertThat(platform.wire().get("/v1/agents?limit=100").ids()).isEqualTo(before);
    }

    static Stream<String> accepted() {
        return Stream.of(
                agent(""),
                "{\"name\":\"" + LONG_NAME + "\",\"model\":\"m\"}",
                "{\"name\":\"" + "🧵".repeat(256) + "\",\"model\":\"m\"}",
                agent("\"description\":\"" + "d".repeat(2048) + "\""),
                agent("\"system\":\"" + "s".repeat(100_000) + "\""),
                agent("\"description\":null,\"system\":null,\"tools\":null,\"mcp_servers\":null,\"skills\":null,"
                        + "\"multiagent\":null,\"execution_identity\":null,\"metadata\":null"),
                agent(metadata(16)),
                agent("\"metadata\":{\"" + "k".repeat(64) + "\":\"" + "v".repeat(512) + "\",\"empty\":\"\"}"),
                tool(customTools(256)),
                tool("{\"type\":\"agent_toolset_20260401\"}," + customTools(248)),
                toolset("\"default_config\":null,\"configs\":null"),
                toolset("\"configs\":[{\"name\":\"web_search\",\"enabled\":false}]"),
                schema("{\"type\":\"object\",\"properties\":{\"a\":{\"anyOf\":[{\"type\":\"string\"}]}},"
                        + "\"required\":[\"a\"],\"x-anything\":[1,2.5,null]}"),
                agent("\"no_such_field\":1"));
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void a_field_at_its_limit_is_taken(String body) {
        var created = platform.wire().post("/v1/agents", body);
        assertThat(created.status()).as(created.http().body()).isEqualTo(200);
        assertThat(platform.wire().get("/v1/agents/" + created.id()).json()).isEqualTo(created.json());
    }

    static final List<Arguments> REFUSED_CHANGES = List.of(
            Arguments.of("name", "{\"name\":null}"),
            Arguments.of("name", "{\"name\":\"\"}"),
            Arguments.of("model", "{\"model\":null}"),
            Arguments.of("version", "{\"version\":0}"),
            Arguments.of("version", "{\"version\":\"1\"}"),
            Arguments.of("version", "{\"version\":1.5}"),
            Arguments.of("version", "{\"version\":99999999999999999999}"),
            Arguments.of("metadata", "{" + metadata(16) + "}"),
            Arguments.of("metadata.a", "{\"metadata\":{\"a\":false}}"),
            Arguments.of("mcp_servers", "{\"mcp_servers\":[]}"),
            Arguments.of("mcp_servers[0].name", "{\"tools\":[]}"));

    @ParameterizedTest(name = "{0}: {1}")
    @FieldSource("REFUSED_CHANGES")
    void a_change_that_is_wrong_changes_nothing(String field, String body) {
        var agent = platform.wire()
                .post("/v1/agents", mcp(DOCS, server("docs", "https://a.example"))
                        .replace("\"name\":\"a\"", "\"name\":\"a\",\"metadata\":{\"mine\":\"1\"}"));
        var path = "/v1/agents/" + agent.id();
        var refused = platform.wire().post(path, body);
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith(field + ": ");
        assertThat(platform.wire().get(path).json()).isEqualTo(agent.json());
    }

    @Test
    void a_schema_is_kept_to_the_digit() {
        var schema = "{\"type\":\"object\",\"properties\":{\"n\":{\"maximum\":0.1234567890123456789012345,"
                + "\"minimum\":-1e400,\"multipleOf\":1.0}}}";
        var created = platform.wire().post("/v1/agents", schema(schema));
        assertThat(created.http().body()).contains("0.1234567890123456789012345", "-1E+400", "1.0");
    }

    static Stream<Arguments> notBuilt() {
        return Stream.of(
                Arguments.of("skills", agent("\"skills\":[{\"type\":\"anthropic\",\"skill_id\":\"xlsx\"}]")),
                Arguments.of("multiagent", agent("\"multiagent\":{\"type\":\"multiagent_20261001\"}")),
                Arguments.of("execution_identity",
                        agent("\"execution_identity\":{\"type\":\"aws_role\",\"role_arn\":\"a\"}")),
                Arguments.of("web_search", toolset("\"configs\":[{\"name\":\"web_search\"}]")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notBuilt")
    void what_is_not_built_yet_is_refused_with_a_reason(String what, String body) {
        var refused = platform.wire().post("/v1/agents", body);
        refused.assertRefused(501, "api_error");
        assertThat(refused.message()).contains("Not built yet", what);
        assertThat(refused.header("x-should-retry")).isEqualTo("false");
    }
}
