package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.core.JsonValue;
import com.anthropic.models.beta.agents.AgentUpdateParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolset20260401Params;
import com.anthropic.models.beta.agents.BetaManagedAgentsModelConfigParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsUrlMcpServerParams;
import com.anthropic.models.beta.sessions.BetaManagedAgentsAgentParams;
import com.anthropic.models.beta.sessions.BetaManagedAgentsAgentWithOverridesParams;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSessionAgentUpdate;
import com.anthropic.models.beta.sessions.SessionCreateParams;
import com.anthropic.models.beta.sessions.SessionUpdateParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEvent;
import com.anthropic.services.blocking.beta.SessionService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sessions through the official SDK (contract/README.md §2.4, resources.md §3). */
class SessionTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static SessionService sessions() {
        return platform.sdk().beta().sessions();
    }

    private static SessionCreateParams.Builder onNewEnvironment() {
        return SessionCreateParams.builder().environmentId(platform.newEnvironment().id());
    }

    private static SessionUpdateParams.Builder change(BetaManagedAgentsSession session) {
        return SessionUpdateParams.builder().sessionId(session.id());
    }

    @Test
    void a_session_begins_idle_with_every_field_in_its_place() {
        var agent = platform.newAgent();
        var environment = platform.newEnvironment();
        var session = sessions().create(SessionCreateParams.builder()
                .agent(agent.id())
                .environmentId(environment.id())
                .title("Order #1234")
                .metadata(SessionCreateParams.Metadata.builder()
                        .putAdditionalProperty("team", JsonValue.from("looms"))
                        .build())
                .initialEvents(List.of())
                .resources(List.of())
                .vaultIds(List.of())
                .build());
        assertThat(session.id()).matches("sesn_01\\w{22}");
        assertThat(session.status()).isEqualTo(BetaManagedAgentsSession.Status.IDLE);
        assertThat(session.title()).contains("Order #1234");
        assertThat(session.environmentId()).isEqualTo(environment.id());
        assertThat(session.metadata()._additionalProperties()).isEqualTo(Map.of("team", JsonValue.from("looms")));
        assertThat(session.agent().id()).isEqualTo(agent.id());
        assertThat(session.agent().version()).isEqualTo(1);
        assertThat(session.agent().name()).isEqualTo(agent.name());
        assertThat(session.resources()).isEmpty();
        assertThat(session.vaultIds()).isEmpty();
        assertThat(session.outcomeEvaluations()).isEmpty();
        assertThat(session.budget()).isEmpty();
        assertThat(session.deploymentId()).isEmpty();
        assertThat(session.archivedAt()).isEmpty();
        assertThat(session.updatedAt()).isEqualTo(session.createdAt());
        assertThat(session.usage().inputTokens()).contains(0);
        assertThat(session.usage().outputTokens()).contains(0);
        assertThat(session.usage().cacheReadInputTokens()).contains(0);
        assertThat(session.usage().cacheCreation().orElseThrow().ephemeral5mInputTokens()).contains(0);
        assertThat(session.usage().listCost().orElseThrow().amount()).isEqualTo("0");
        assertThat(session.usage().serverToolUse().orElseThrow().webSearchRequests()).contains(0);
        assertThat(session.stats().activeSeconds()).contains(0.0);
        assertThat(session.stats().durationSeconds().orElseThrow()).isNotNegative();
    }

    @Test
    void the_agent_may_be_named_by_id_by_version_or_with_overrides() {
        var agent = platform.newAgent();
        platform.sdk().beta().agents().update(AgentUpdateParams.builder().agentId(agent.id()).name("second").build());

        var newest = sessions().create(onNewEnvironment().agent(agent.id()).build());
        assertThat(newest.agent().version()).isEqualTo(2);
        assertThat(newest.agent().name()).isEqualTo("second");

        var object = BetaManagedAgentsAgentParams.builder().id(agent.id());
        assertThat(sessions().create(onNewEnvironment().agent(object.build()).build()).agent().version()).isEqualTo(2);
        var pinned = sessions().create(onNewEnvironment().agent(object.version(1).build()).build());
        assertThat(pinned.agent().version()).isEqualTo(1);
        assertThat(pinned.agent().name()).isEqualTo("weaver");

        var overridden = sessions().create(onNewEnvironment().agent(BetaManagedAgentsAgentWithOverridesParams.builder()
                .id(agent.id())
                .version(1)
                .system("Only here.")
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .build()).build());
        assertThat(overridden.agent().version()).isEqualTo(1);
        assertThat(overridden.agent().system()).contains("Only here.");
        assertThat(overridden.agent().tools()).hasSize(1);
        assertThat(platform.sdk().beta().agents().retrieve(agent.id()).system()).isEmpty();
    }

    @Test
    void an_override_replaces_what_it_names_and_inherits_the_rest() {
        var agent = platform.sdk()
                .beta()
                .agents()
                .create(platform.agent("base")
                        .system("Base.")
                        .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                        .model(model("claude-opus-5").effort(
                                BetaManagedAgentsModelConfigParams.Effort.BetaManagedAgentsEffortLevel.HIGH).build())
                        .build());
        var inherited = withOverrides(agent.id(), params -> params);
        assertThat(inherited.agent().system()).contains("Base.");
        assertThat(inherited.agent().tools()).hasSize(1);
        assertThat(inherited.agent().model().effort().orElseThrow().isHigh()).isTrue();

        var cleared = withOverrides(agent.id(), params -> params.system(Optional.empty()).tools(List.of()));
        assertThat(cleared.agent().system()).isEmpty();
        assertThat(cleared.agent().tools()).isEmpty();

        var sameModel = withOverrides(agent.id(), params -> params.model(model("claude-opus-5").build()));
        assertThat(sameModel.agent().model().effort()).as("the agent's effort is not inherited").isEmpty();
        var ownEffort = withOverrides(agent.id(), params -> params.model(model("claude-opus-5").effort(
                BetaManagedAgentsModelConfigParams.Effort.BetaManagedAgentsEffortLevel.MAX).build()));
        assertThat(ownEffort.agent().model().effort()).as("an effort sent here does not count").isEmpty();
    }

    private static BetaManagedAgentsModelConfigParams.Builder model(String id) {
        return BetaManagedAgentsModelConfigParams.builder().id(id);
    }

    private static BetaManagedAgentsSession withOverrides(
            String agentId,
            UnaryOperator<BetaManagedAgentsAgentWithOverridesParams.Builder> overrides
    ) {
        var params = overrides.apply(BetaManagedAgentsAgentWithOverridesParams.builder().id(agentId));
        return sessions().create(onNewEnvironment().agent(params.build()).build());
    }

    @Test
    void a_session_with_initial_events_begins_running_and_has_them_in_its_history() {
        var session = sessions().create(onNewEnvironment().agent(platform.newAgent().id())
                .addInitialEvent(Talk.message("first"))
                .addInitialEvent(Talk.message("second"))
                .build());
        assertThat(session.status()).isEqualTo(BetaManagedAgentsSession.Status.RUNNING);
        var said = Talk.with(platform, session.id())
                .history()
                .stream()
                .filter(BetaManagedAgentsSessionEvent::isUserMessage)
                .map(event -> event.asUserMessage().content().getFirst().asText().text());
        assertThat(said).containsExactly("first", "second");
    }

    @Test
    void title_and_metadata_are_patched() {
        var session = sessions().create(onNewEnvironment().agent(platform.newAgent().id())
                .title("old")
                .metadata(SessionCreateParams.Metadata.builder()
                        .putAdditionalProperty("a", JsonValue.from("1"))
                        .putAdditionalProperty("b", JsonValue.from("2"))
                        .build())
                .build());
        var metadata = SessionUpdateParams.Metadata.builder()
                .putAdditionalProperty("a", JsonValue.from(null))
                .putAdditionalProperty("c", JsonValue.from("3"));
        var patched = sessions().update(change(session).metadata(metadata.build()).build());
        assertThat(patched.title()).contains("old");
        assertThat(patched.metadata()._additionalProperties())
                .isEqualTo(Map.of("b", JsonValue.from("2"), "c", JsonValue.from("3")));
        assertThat(sessions().update(change(session).title("new").build()).title()).contains("new");
        assertThat(sessions().update(change(session).title(Optional.empty()).build()).title()).isEmpty();
        assertThat(Talk.with(platform, session.id()).types())
                .containsExactly("session.updated", "session.updated", "session.updated");
    }

    @Test
    void an_update_that_changes_nothing_is_no_event() {
        var session = sessions().create(onNewEnvironment()
                .agent(platform.sdk()
                        .beta()
                        .agents()
                        .create(platform.agent("tools")
                                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                                .build())
                        .id())
                .title("same")
                .build());
        sessions().update(session.id());
        sessions().update(change(session).title("same").build());
        sessions().update(change(session).agent(BetaManagedAgentsSessionAgentUpdate.builder().build()).build());
        sessions().update(change(session).agent(BetaManagedAgentsSessionAgentUpdate.builder()
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .mcpServers(List.of())
                .build()).build());
        assertThat(Talk.with(platform, session.id()).types()).isEmpty();
        assertThat(sessions().retrieve(session.id()).updatedAt()).isEqualTo(session.updatedAt());
    }

    @Test
    void the_tools_of_an_idle_session_can_be_replaced() {
        var session = platform.newSession();
        var updated = sessions().update(change(session).agent(BetaManagedAgentsSessionAgentUpdate.builder()
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .build()).build());
        assertThat(updated.agent().tools()).hasSize(1);
        assertThat(updated.agent().version()).isEqualTo(1);
        var event = Talk.with(platform, session.id()).history().getFirst().asSessionUpdated();
        assertThat(event.agent().orElseThrow().tools()).hasSize(1);
        assertThat(event._title().isMissing()).isTrue();
    }

    @Test
    void an_agent_with_mcp_servers_waits_for_the_vault_proxy() {
        var agent = platform.sdk()
                .beta()
                .agents()
                .create(platform.agent("mcp")
                        .addMcpToolsetTool("docs")
                        .addMcpServer(BetaManagedAgentsUrlMcpServerParams.builder()
                                .name("docs")
                                .url("https://docs.example.com/mcp")
                                .build())
                        .build());
        var refused = catchThrowableOfType(com.anthropic.errors.NotImplementedException.class,
                () -> sessions().create(onNewEnvironment().agent(agent.id()).build()));
        assertThat(refused.apiMessage().orElseThrow()).contains("Not built yet", "MCP");
        var without = withOverrides(agent.id(), params -> params.tools(List.of()).mcpServers(List.of()));
        assertThat(without.agent().mcpServers()).isEmpty();
    }
}
