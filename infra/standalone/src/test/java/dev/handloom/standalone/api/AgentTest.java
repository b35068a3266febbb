package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.core.JsonValue;
import com.anthropic.models.beta.agents.AgentCreateParams;
import com.anthropic.models.beta.agents.AgentUpdateParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgent;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolset20260401Params;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolsetDefaultConfigParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAlwaysAskPolicy;
import com.anthropic.models.beta.agents.BetaManagedAgentsBashToolConfigParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsCustomToolInputSchema;
import com.anthropic.models.beta.agents.BetaManagedAgentsCustomToolParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsEffortHigh;
import com.anthropic.models.beta.agents.BetaManagedAgentsModelConfig;
import com.anthropic.models.beta.agents.BetaManagedAgentsModelConfigParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsReadToolConfigParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsServiceAccountExecutionIdentityParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsUrlMcpServerParams;
import com.anthropic.services.blocking.beta.AgentService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Agents through the official SDK (contract/README.md §2.1, resources.md §1). */
class AgentTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static AgentService agents() {
        return platform.sdk().beta().agents();
    }

    private static AgentUpdateParams.Builder change(BetaManagedAgentsAgent agent) {
        return AgentUpdateParams.builder().agentId(agent.id());
    }

    private static AgentCreateParams.Metadata metadata(Map<String, String> pairs) {
        var metadata = AgentCreateParams.Metadata.builder();
        pairs.forEach((key, value) -> metadata.putAdditionalProperty(key, JsonValue.from(value)));
        return metadata.build();
    }

    @Test
    void an_agent_keeps_every_field_it_was_created_with() {
        var created = agents().create(platform.agent("all of it")
                .description("Does everything.")
                .system("You are thorough.")
                .model(BetaManagedAgentsModelConfigParams.builder()
                        .id("claude-opus-5")
                        .effort(BetaManagedAgentsEffortHigh.builder().build())
                        .speed(BetaManagedAgentsModelConfigParams.Speed.FAST)
                        .inferenceGeo("us")
                        .build())
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .addMcpToolsetTool("github")
                .addTool(weather())
                .addMcpServer(BetaManagedAgentsUrlMcpServerParams.builder()
                        .name("github")
                        .url("https://mcp.example.com/sse")
                        .build())
                .skills(List.of())
                .executionIdentity(BetaManagedAgentsServiceAccountExecutionIdentityParams.builder().build())
                .metadata(metadata(Map.of("team", "looms", "größe", "ü🧵")))
                .build());

        assertThat(created.id()).matches("agent_01\\w{22}");
        assertThat(created.version()).isEqualTo(1);
        assertThat(created.name()).isEqualTo("all of it");
        assertThat(created.description()).contains("Does everything.");
        assertThat(created.system()).contains("You are thorough.");
        assertThat(created.model().id().asString()).isEqualTo("claude-opus-5");
        assertThat(created.model().effort().orElseThrow().isHigh()).isTrue();
        assertThat(created.model().speed()).contains(BetaManagedAgentsModelConfig.Speed.FAST);
        assertThat(created.model().inferenceGeo()).contains("us");
        assertThat(created.tools()).extracting(tool -> tool.type().asString())
                .containsExactly("agent_toolset_20260401", "mcp_toolset", "custom");
        assertThat(created.mcpServers()).extracting(server -> server.name() + " " + server.url())
                .containsExactly("github https://mcp.example.com/sse");
        assertThat(created.skills()).isEmpty();
        assertThat(created.multiagent()).isEmpty();
        assertThat(created.executionIdentity().isServiceAccount()).isTrue();
        assertThat(created.metadata()._additionalProperties())
                .isEqualTo(Map.of("team", JsonValue.from("looms"), "größe", JsonValue.from("ü🧵")));
        assertThat(created.updatedAt()).isEqualTo(created.createdAt());
        assertThat(created.archivedAt()).isEmpty();
        assertThat(agents().retrieve(created.id())).isEqualTo(created);
    }

    private static BetaManagedAgentsCustomToolParams weather() {
        return BetaManagedAgentsCustomToolParams.builder()
                .name("get_weather")
                .description("The weather of a city.")
                .inputSchema(BetaManagedAgentsCustomToolInputSchema.builder()
                        .properties(BetaManagedAgentsCustomToolInputSchema.Properties.builder()
                                .putAdditionalProperty("city", JsonValue.from(Map.of("type", "string")))
                                .build())
                        .addRequired("city")
                        .putAdditionalProperty("additionalProperties", JsonValue.from(false))
                        .build())
                .build();
    }

    @Test
    void a_custom_tool_keeps_its_schema() {
        var tool = agents().create(platform.agent("weather").addTool(weather()).build()).tools().getFirst().asCustom();
        assertThat(tool.name()).isEqualTo("get_weather");
        assertThat(tool.description()).isEqualTo("The weather of a city.");
        assertThat(tool.inputSchema().required()).contains(List.of("city"));
        assertThat(tool.inputSchema().properties().orElseThrow()._additionalProperties())
                .containsEntry("city", JsonValue.from(Map.of("type", "string")));
        assertThat(tool.inputSchema()._additionalProperties())
                .containsEntry("additionalProperties", JsonValue.from(false));
    }

    @Test
    void a_toolset_is_answered_with_its_defaults_filled_in() {
        var toolset = toolset(BetaManagedAgentsAgentToolset20260401Params.builder().build());
        assertThat(toolset.defaultConfig().enabled()).isTrue();
        assertThat(toolset.defaultConfig().permissionPolicy().isAlwaysAllow()).isTrue();
        assertThat(toolset.configs()).isEmpty();
    }

    @Test
    void each_entry_of_a_toolset_inherits_what_it_does_not_say() {
        var toolset = toolset(BetaManagedAgentsAgentToolset20260401Params.builder()
                .defaultConfig(BetaManagedAgentsAgentToolsetDefaultConfigParams.builder()
                        .enabled(false)
                        .permissionPolicy(BetaManagedAgentsAlwaysAskPolicy.builder().build())
                        .build())
                .addConfig(BetaManagedAgentsBashToolConfigParams.builder().enabled(true).build())
                .addConfig(BetaManagedAgentsReadToolConfigParams.builder().build())
                .build());
        assertThat(toolset.defaultConfig().enabled()).isFalse();
        assertThat(toolset.configs()).hasSize(2);
        assertThat(toolset.configs().getFirst().asBash().enabled()).isTrue();
        assertThat(toolset.configs().getFirst().asBash().permissionPolicy().isAlwaysAsk()).isTrue();
        assertThat(toolset.configs().getLast().asRead().enabled()).isFalse();
    }

    private static com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolset20260401 toolset(
            BetaManagedAgentsAgentToolset20260401Params params
    ) {
        return agents().create(platform.agent("tools").addTool(params).build())
                .tools()
                .getFirst()
                .asAgentToolset20260401();
    }

    @Test
    void an_mcp_toolset_asks_unless_told_otherwise() {
        var agent = agents().create(platform.agent("mcp")
                .addMcpToolsetTool("docs")
                .addMcpServer(BetaManagedAgentsUrlMcpServerParams.builder()
                        .name("docs")
                        .url("https://docs.example.com/mcp")
                        .build())
                .build());
        var toolset = agent.tools().getFirst().asMcpToolset();
        assertThat(toolset.mcpServerName()).isEqualTo("docs");
        assertThat(toolset.defaultConfig().permissionPolicy().isAlwaysAsk()).isTrue();
        assertThat(toolset.configs()).isEmpty();
    }

    @Test
    void null_clears_what_can_be_cleared() {
        var agent = agents().create(platform.agent("full").description("d").system("s").addTool(weather()).build());
        var cleared = agents().update(change(agent).description(Optional.empty()).system("").tools(List.of()).build());
        assertThat(cleared.description()).isEmpty();
        assertThat(cleared.system()).isEmpty();
        assertThat(cleared.tools()).isEmpty();
    }

    @Test
    void the_effort_stays_with_the_model_and_goes_with_it() {
        var agent = agents().create(platform.agent("effort")
                .model(model("claude-opus-5")
                        .effort(BetaManagedAgentsModelConfigParams.Effort.BetaManagedAgentsEffortLevel.LOW)
                        .inferenceGeo("global")
                        .build())
                .build());
        assertThat(agent.model().effort().orElseThrow().isLow()).isTrue();

        var sameModel = agents().update(change(agent).model(model("claude-opus-5").build()).build());
        assertThat(sameModel.model().effort().orElseThrow().isLow()).isTrue();
        assertThat(sameModel.model().inferenceGeo()).isEmpty();

        var otherModel = agents().update(change(agent).model(model("claude-sonnet-5").build()).build());
        assertThat(otherModel.model().effort()).isEmpty();
        assertThat(otherModel.version()).isEqualTo(3);
    }

    private static BetaManagedAgentsModelConfigParams.Builder model(String id) {
        return BetaManagedAgentsModelConfigParams.builder().id(id);
    }

    @Test
    void a_session_keeps_the_agent_as_it_was() {
        var agent = platform.newAgent();
        var session = platform.newSession(agent.id(), platform.newEnvironment().id());
        agents().update(change(agent).name("renamed").build());
        agents().archive(agent.id());
        var kept = platform.sdk().beta().sessions().retrieve(session.id()).agent();
        assertThat(kept.name()).isEqualTo(agent.name());
        assertThat(kept.version()).isEqualTo(1);
    }
}
