package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the fields of a session and of its events may hold (contract/resources.md §3, events.md §1.1, §2). */
class SessionFieldsTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static final String HI = "{\"type\":\"user.message\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"}]}";

    /** {@code AGENT} and {@code ENV} stand for the ids of real ones. */
    private static String session(String fields) {
        return "{\"agent\":\"AGENT\",\"environment_id\":\"ENV\"" + (fields.isEmpty() ? "" : ",") + fields + "}";
    }

    private static String onAgent(String agent) {
        return "{\"agent\":" + agent + ",\"environment_id\":\"ENV\"}";
    }

    private static String override(String fields) {
        return onAgent("{\"type\":\"agent_with_overrides\",\"id\":\"AGENT\"," + fields + "}");
    }

    private static String repeat(int count, String entry) {
        return String.join(",", IntStream.range(0, count).mapToObj(_ -> entry).toList());
    }

    private static String filled(String body) {
        return body.contains("AGENT") || body.contains("ENV")
                ? body.replace("AGENT", platform.newAgent().id()).replace("ENV", platform.newEnvironment().id())
                : body;
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("agent", "{\"environment_id\":\"ENV\"}"),
                Arguments.of("agent", onAgent("null")),
                Arguments.of("agent", onAgent("7")),
                Arguments.of("agent", onAgent("[]")),
                Arguments.of("agent.type", onAgent("{\"id\":\"AGENT\"}")),
                Arguments.of("agent.type", onAgent("{\"type\":\"robot\",\"id\":\"AGENT\"}")),
                Arguments.of("agent.id", onAgent("{\"type\":\"agent\"}")),
                Arguments.of("agent.id", onAgent("{\"type\":\"agent\",\"id\":7}")),
                Arguments.of("agent.version", onAgent("{\"type\":\"agent\",\"id\":\"AGENT\",\"version\":0}")),
                Arguments.of("agent.version", onAgent("{\"type\":\"agent\",\"id\":\"AGENT\",\"version\":\"1\"}")),
                Arguments.of("agent.model", override("\"model\":null")),
                Arguments.of("agent.model.speed", override("\"model\":{\"id\":\"m\",\"speed\":\"warp\"}")),
                Arguments.of("agent.system", override("\"system\":1")),
                Arguments.of("agent.tools[0].type", override("\"tools\":[{\"type\":\"x\"}]")),
                Arguments.of("agent.mcp_servers[0].name",
                        override("\"mcp_servers\":[{\"type\":\"url\",\"name\":\"a\",\"url\":\"https://a.example\"}]")),
                Arguments.of("environment_id", "{\"agent\":\"AGENT\"}"),
                Arguments.of("environment_id", "{\"agent\":\"AGENT\",\"environment_id\":\"\"}"),
                Arguments.of("environment_id", "{\"agent\":\"AGENT\",\"environment_id\":{}}"),
                Arguments.of("title", session("\"title\":5")),
                Arguments.of("metadata", session("\"metadata\":\"x\"")),
                Arguments.of("metadata.k", session("\"metadata\":{\"k\":null}")),
                Arguments.of("vault_ids", session("\"vault_ids\":\"vlt_1\"")),
                Arguments.of("vault_ids[0]", session("\"vault_ids\":[1]")),
                Arguments.of("resources", session("\"resources\":{}")),
                Arguments.of("initial_events", session("\"initial_events\":{}")),
                Arguments.of("initial_events", session("\"initial_events\":[" + repeat(51, HI) + "]")),
                Arguments.of("initial_events[1].type",
                        session("\"initial_events\":[" + HI + ",{\"type\":\"user.interrupt\"}]")),
                Arguments.of("initial_events[0].content", session("\"initial_events\":[{\"type\":\"user.message\"}]")),
                Arguments.of("initial_events[0].contents", session("\"initial_events\":[" + HI.replace("content",
                        "contents") + "]")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void a_field_that_is_wrong_is_named_and_no_session_is_made(String field, String body) {
        var before = platform.wire().get("/v1/sessions").ids();
        var refused = platform.wire().post("/v1/sessions", filled(body));
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith(field + ": ");
        assertThat(platform.wire().get("/v1/sessions").ids()).isEqualTo(before);
    }

    @Test
    void an_agent_without_a_model_has_a_code_of_its_own() {
        var refused = platform.wire().post("/v1/sessions", filled(override("\"model\":null")));
        assertThat(refused.code()).isEqualTo("agent_model_required");
        assertThat(refused.message()).contains("agent_model_required");
    }

    @Test
    void whatever_a_session_refers_to_must_be_there() {
        var noAgent = platform.wire().post("/v1/sessions", filled(onAgent("\"agent_01nobody\"")));
        assertThat(noAgent.status()).isEqualTo(404);
        assertThat(noAgent.message()).contains("agent_01nobody");
        var noVersion = platform.wire()
                .post("/v1/sessions", filled(onAgent("{\"type\":\"agent\",\"id\":\"AGENT\",\"version\":9}")));
        assertThat(noVersion.status()).isEqualTo(404);
        assertThat(noVersion.message()).contains("version 9");
        var noEnvironment = platform.wire()
                .post("/v1/sessions", filled("{\"agent\":\"AGENT\",\"environment_id\":\"env_01nowhere\"}"));
        assertThat(noEnvironment.status()).isEqualTo(404);
        assertThat(noEnvironment.code()).isEqualTo("environment_not_found");
    }

    static Stream<Arguments> notBuilt() {
        return Stream.of(
                Arguments.of("vaults", session("\"vault_ids\":[\"vlt_01x\"]")),
                Arguments.of("resources", session("\"resources\":[{\"type\":\"file\",\"file_id\":\"file_01x\"}]")),
                Arguments.of("budgets",
                        session("\"budget\":{\"type\":\"limit\",\"max_list_cost\":{\"amount\":\"1\"}}")),
                Arguments.of("outcomes", session("\"initial_events\":[{\"type\":\"user.define_outcome\"}]")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("notBuilt")
    void what_is_not_built_yet_is_refused_with_a_reason_and_no_session_is_made(String what, String body) {
        var before = platform.wire().get("/v1/sessions").ids();
        var refused = platform.wire().post("/v1/sessions", filled(body));
        refused.assertRefused(501, "api_error");
        assertThat(refused.message()).startsWith("Not built yet: ").contains(what);
        assertThat(platform.wire().get("/v1/sessions").ids()).isEqualTo(before);
    }

    @Test
    void a_self_hosted_environment_waits_for_its_work_queue() {
        var environment = platform.wire()
                .post("/v1/environments", "{\"name\":\"mine\",\"config\":{\"type\":\"self_hosted\"}}");
        var refused = platform.wire().post("/v1/sessions", filled(session("").replace("ENV", environment.id())));
        refused.assertRefused(501, "api_error");
        assertThat(refused.message()).contains("self-hosted");
    }

    static Stream<Arguments> refusedChanges() {
        return Stream.of(
                Arguments.of("title", "{\"title\":[]}"),
                Arguments.of("metadata", "{\"metadata\":[]}"),
                Arguments.of("metadata.k", "{\"metadata\":{\"k\":1},\"title\":\"new\"}"),
                Arguments.of("metadata", "{\"metadata\":{" + String.join(",", IntStream.range(0, 17)
                        .mapToObj(i -> "\"k" + i + "\":\"v\"")
                        .toList()) + "}}"),
                Arguments.of("vault_ids", "{\"vault_ids\":[],\"title\":\"new\"}"),
                Arguments.of("vault_ids", "{\"vault_ids\":null}"),
                Arguments.of("budget", "{\"budget\":{\"type\":\"limit\"},\"title\":\"new\"}"),
                Arguments.of("agent", "{\"agent\":\"agent_01x\"}"),
                Arguments.of("agent.tools", "{\"agent\":{\"tools\":\"bash\"},\"title\":\"new\"}"),
                Arguments.of("agent.tools[0].name",
                        "{\"agent\":{\"tools\":[{\"type\":\"custom\",\"name\":\"bash\"}]}}"),
                Arguments.of("agent.mcp_servers",
                        "{\"agent\":{\"tools\":[{\"type\":\"mcp_toolset\",\"mcp_server_name\":\"a\"}]}}"));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusedChanges")
    void a_change_that_is_wrong_changes_nothing(String field, String body) {
        var path = "/v1/sessions/" + platform.newSession().id();
        var refused = platform.wire().post(path, body);
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith(field + ": ");
        var session = platform.wire().get(path).json();
        assertThat(session.path("title").isNull()).isTrue();
        assertThat(session.path("metadata")).isEmpty();
        assertThat(session.path("updated_at")).isEqualTo(session.path("created_at"));
        assertThat(platform.wire().get(path + "/events").ids()).isEmpty();
    }

    @Test
    void a_budget_can_only_be_set_at_creation() {
        var path = "/v1/sessions/" + platform.newSession().id();
        var refused = platform.wire().post(path, "{\"budget\":{\"type\":\"limit\"}}");
        assertThat(refused.code()).isEqualTo("budget_create_only");
        assertThat(platform.wire().post(path, "{\"budget\":null}").status()).as("there is none to remove")
                .isEqualTo(200);
    }

    private static String event(String fields) {
        return "{\"events\":[{" + fields + "}]}";
    }

    private static String message(String blocks) {
        return event("\"type\":\"user.message\",\"content\":" + blocks);
    }

    private static String image(String source) {
        return message("[{\"type\":\"image\",\"source\":" + source + "}]");
    }

    private static String document(String source) {
        return message("[{\"type\":\"document\",\"source\":" + source + "}]");
    }

    static Stream<Arguments> refusedEvents() {
        return Stream.of(
                Arguments.of("events", "{}"),
                Arguments.of("events", ""),
                Arguments.of("events", "{\"events\":null}"),
                Arguments.of("events", "{\"events\":[]}"),
                Arguments.of("events", "{\"events\":{}}"),
                Arguments.of("events[0]", "{\"events\":[\"hi\"]}"),
                Arguments.of("events", "{\"events\":[" + repeat(101, HI) + "]}"),
                Arguments.of("events[0].type", event("")),
                Arguments.of("events[0].type", event("\"type\":\"user.shout\"")),
                Arguments.of("events[0].type", event("\"type\":\"agent.message\",\"content\":[]")),
                Arguments.of("events[1].type", "{\"events\":[" + HI + ",{\"type\":null}]}"),
                Arguments.of("events[0].content", event("\"type\":\"user.message\"")),
                Arguments.of("events[0].content", message("[]")),
                Arguments.of("events[0].content", message("\"hi\"")),
                Arguments.of("events[0].content[0]", message("[\"hi\"]")),
                Arguments.of("events[0].content[0].type", message("[{\"text\":\"hi\"}]")),
                Arguments.of("events[0].content[0].type", message("[{\"type\":\"redacted\"}]")),
                Arguments.of("events[0].content[0].type", message("[{\"type\":\"search_result\"}]")),
                Arguments.of("events[0].content[0].text", message("[{\"type\":\"text\"}]")),
                Arguments.of("events[0].content[0].text", message("[{\"type\":\"text\",\"text\":\"\"}]")),
                Arguments.of("events[0].content[0].txt", message("[{\"type\":\"text\",\"text\":\"a\",\"txt\":\"b\"}]")),
                Arguments.of("events[0].colour", event("\"type\":\"user.interrupt\",\"colour\":\"red\"")),
                Arguments.of("events[0].id", event("\"type\":\"user.interrupt\",\"id\":\"sevt_01mine\"")),
                Arguments.of("events[0].content[0].source", message("[{\"type\":\"image\"}]")),
                Arguments.of("events[0].content[0].source.type", image("{\"type\":\"ftp\"}")),
                Arguments.of("events[0].content[0].source.media_type",
                        image("{\"type\":\"base64\",\"media_type\":\"image/tiff\",\"data\":\"AAAA\"}")),
                Arguments.of("events[0].content[0].source.data",
                        image("{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"not base64!\"}")),
                Arguments.of("events[0].content[0].source.url",
                        image("{\"type\":\"url\",\"url\":\"file:///etc/passwd\"}")),
                Arguments.of("events[0].content[0].source.data",
                        document("{\"type\":\"text\",\"media_type\":\"text/plain\"}")),
                Arguments.of("events[0].content[0].source.media_type",
                        document("{\"type\":\"text\",\"media_type\":\"text/html\",\"data\":\"\"}")),
                Arguments.of("events[0].tool_use_id",
                        event("\"type\":\"user.tool_confirmation\",\"result\":\"allow\"")),
                Arguments.of("events[0].result",
                        event("\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"sevt_01x\"")),
                Arguments.of("events[0].result",
                        event("\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"sevt_01x\",\"result\":\"maybe\"")),
                Arguments.of("events[0].deny_message", event("\"type\":\"user.tool_confirmation\","
                        + "\"tool_use_id\":\"sevt_01x\",\"result\":\"allow\",\"deny_message\":\"no\"")),
                Arguments.of("events[0].custom_tool_use_id", event("\"type\":\"user.custom_tool_result\"")),
                Arguments.of("events[0].is_error", event(
                        "\"type\":\"user.custom_tool_result\",\"custom_tool_use_id\":\"sevt_01x\",\"is_error\":\"no\"")),
                Arguments.of("events", event(
                        "\"type\":\"user.custom_tool_result\",\"custom_tool_use_id\":\"sevt_01x\"")),
                Arguments.of("events", event(
                        "\"type\":\"user.tool_confirmation\",\"tool_use_id\":\"sevt_01x\",\"result\":\"allow\"")),
                Arguments.of("events", event(
                        "\"type\":\"user.interrupt\",\"session_thread_id\":\"sthr_01nobody\"")),
                Arguments.of("events[0].type",
                        "{\"events\":[{\"type\":\"system.message\",\"content\":[{\"type\":\"text\","
                                + "\"text\":\"s\"}]}," + HI + "]}"),
                Arguments.of("events[0].content", event("\"type\":\"system.message\",\"content\":[]")),
                Arguments.of("events[0].content[0].type",
                        event("\"type\":\"system.message\",\"content\":[{\"type\":\"image\"}]")));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refusedEvents")
    void an_event_that_is_wrong_is_named_and_none_of_its_request_is_kept(String field, String body) {
        var path = "/v1/sessions/" + platform.newSession().id();
        var refused = platform.wire().post(path + "/events", body);
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith(field + ": ");
        assertThat(platform.wire().get(path + "/events").ids()).isEmpty();
        assertThat(platform.wire().get(path).json().path("status").asString()).isEqualTo("idle");
    }

    @Test
    void a_file_as_a_source_waits_for_files() {
        var path = "/v1/sessions/" + platform.newSession().id() + "/events";
        for (var body : List.of(image("{\"type\":\"file\",\"file_id\":\"file_01x\"}"),
                document("{\"type\":\"file\",\"file_id\":\"file_01x\"}"))) {
            var refused = platform.wire().post(path, body);
            refused.assertRefused(501, "api_error");
            assertThat(refused.message()).contains("files");
        }
        assertThat(platform.wire().get(path).ids()).isEmpty();
    }
}
