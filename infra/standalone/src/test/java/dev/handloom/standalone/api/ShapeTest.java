package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The fields of each resource, all of them and no other, null where they have nothing to say (contract/resources.md). */
class ShapeTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static final List<String> AGENT_OF_A_SESSION = List.of("type", "id", "version", "name", "description",
            "system", "model", "tools", "mcp_servers", "skills", "multiagent", "execution_identity");
    private static final List<String> USAGE = List.of("input_tokens", "output_tokens", "cache_read_input_tokens",
            "cache_creation", "list_cost", "active_seconds", "server_tool_use");

    private static List<String> fields(JsonNode object) {
        return List.copyOf(object.propertyNames());
    }

    private static List<String> plus(List<String> fields, String... more) {
        var all = new ArrayList<>(fields);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void an_agent() {
        var agent = platform.wire().post("/v1/agents", "{\"name\":\"a\",\"model\":\"m\"}").json();
        assertThat(fields(agent)).containsExactlyInAnyOrderElementsOf(
                plus(AGENT_OF_A_SESSION, "metadata", "created_at", "updated_at", "archived_at"));
        assertThat(agent.path("type").asString()).isEqualTo("agent");
        for (var empty : List.of("description", "system", "multiagent", "archived_at")) {
            assertThat(agent.path(empty).isNull()).as(empty).isTrue();
        }
        assertThat(fields(agent.path("model"))).as("no default is made up").containsExactly("id");
        assertThat(agent.at("/execution_identity/type").asString()).isEqualTo("service_account");
    }

    @Test
    void the_tools_of_an_agent() {
        var tools = platform.wire()
                .post("/v1/agents",
                        """
                                {"name":"a","model":"m","mcp_servers":[{"type":"url","name":"d","url":"https://d.example"}],"tools":[
                                  {"type":"agent_toolset_20260401","configs":[{"name":"bash"}]},
                                  {"type":"mcp_toolset","mcp_server_name":"d","configs":[{"name":"t"}]},
                                  {"type":"custom","name":"c","description":"d","input_schema":{"type":"object"}}]}""")
                .json()
                .path("tools");
        assertThat(fields(tools.path(0))).containsExactlyInAnyOrder("type", "default_config", "configs");
        assertThat(fields(tools.path(0).path("default_config"))).containsExactlyInAnyOrder("enabled",
                "permission_policy");
        assertThat(fields(tools.path(0).at("/configs/0"))).containsExactlyInAnyOrder("name", "type", "enabled",
                "permission_policy");
        assertThat(fields(tools.path(1))).containsExactlyInAnyOrder("type", "mcp_server_name", "default_config",
                "configs");
        assertThat(fields(tools.path(1).at("/configs/0"))).containsExactlyInAnyOrder("name", "enabled",
                "permission_policy");
        assertThat(fields(tools.path(2))).containsExactlyInAnyOrder("type", "name", "description", "input_schema");
    }

    @Test
    void an_environment() {
        var environment = platform.wire().post("/v1/environments", """
                {"name":"e","config":{"type":"cloud","networking":{"type":"limited"}}}""").json();
        assertThat(fields(environment)).containsExactlyInAnyOrder("id", "type", "name", "description", "config",
                "metadata", "scope", "created_at", "updated_at", "archived_at");
        assertThat(fields(environment.path("config"))).containsExactlyInAnyOrder("type", "networking", "packages");
        assertThat(fields(environment.at("/config/networking"))).containsExactlyInAnyOrder("type", "allowed_hosts",
                "allow_mcp_servers", "allow_package_managers");
        assertThat(fields(environment.at("/config/packages"))).containsExactlyInAnyOrder("type", "apt", "cargo", "gem",
                "go", "npm", "pip");
    }

    @Test
    void a_session() {
        var session = platform.wire().get("/v1/sessions/" + platform.newSession().id()).json();
        assertThat(fields(session)).containsExactlyInAnyOrder("id", "type", "status", "title", "agent",
                "environment_id", "resources", "vault_ids", "budget", "metadata", "usage", "stats",
                "outcome_evaluations", "deployment_id", "created_at", "updated_at", "archived_at");
        assertThat(fields(session.path("agent"))).containsExactlyInAnyOrderElementsOf(AGENT_OF_A_SESSION);
        assertThat(fields(session.path("usage"))).containsExactlyInAnyOrderElementsOf(USAGE);
        assertThat(fields(session.at("/usage/cache_creation"))).containsExactlyInAnyOrder("ephemeral_5m_input_tokens",
                "ephemeral_1h_input_tokens");
        assertThat(fields(session.at("/usage/list_cost"))).containsExactlyInAnyOrder("amount", "currency");
        assertThat(fields(session.at("/usage/server_tool_use"))).containsExactlyInAnyOrder("web_search_requests",
                "web_fetch_requests");
        assertThat(fields(session.path("stats"))).containsExactlyInAnyOrder("active_seconds", "duration_seconds");
    }

    @Test
    void a_thread() {
        var talk = Talk.with(platform, platform.newSession().id());
        talk.untilIdle(Talk.message("hello"));
        var thread = platform.wire().get("/v1/sessions/" + talk.sessionId() + "/threads").json().at("/data/0");
        assertThat(fields(thread)).containsExactlyInAnyOrder("id", "type", "session_id", "parent_thread_id",
                "workflow_run_id", "status", "agent", "usage", "stats", "created_at", "updated_at", "archived_at");
        assertThat(fields(thread.path("agent"))).containsExactlyInAnyOrderElementsOf(
                AGENT_OF_A_SESSION.stream().filter(field -> !field.equals("multiagent")).toList());
        assertThat(fields(thread.path("usage"))).containsExactlyInAnyOrderElementsOf(USAGE);
        assertThat(fields(thread.path("stats"))).containsExactlyInAnyOrder("active_seconds", "duration_seconds",
                "startup_seconds");
    }

    @Test
    void a_page() {
        var session = platform.newSession();
        for (var list : List.of("/v1/agents", "/v1/environments", "/v1/agents/" + session.agent().id() + "/versions",
                "/v1/sessions/" + session.id() + "/events", "/v1/sessions/" + session.id() + "/threads")) {
            assertThat(fields(platform.wire().get(list).json())).as(list).containsExactly("data", "next_page");
        }
        assertThat(fields(platform.wire().get("/v1/sessions").json())).containsExactly("data", "next_page",
                "prev_page");
        assertThat(fields(platform.wire().get("/v1/models").json())).containsExactlyInAnyOrder("data", "has_more",
                "first_id", "last_id");
    }

    @Test
    void what_is_deleted() {
        var session = platform.newSession();
        var deleted = platform.wire().delete("/v1/sessions/" + session.id()).json();
        assertThat(fields(deleted)).containsExactly("id", "type");
        assertThat(fields(platform.wire().delete("/v1/environments/" + session.environmentId()).json()))
                .containsExactly("id", "type");
    }
}
