package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.core.JsonValue;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.ConflictException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.models.ErrorType;
import com.anthropic.models.beta.agents.AgentCreateParams;
import com.anthropic.models.beta.agents.AgentListParams;
import com.anthropic.models.beta.agents.AgentRetrieveParams;
import com.anthropic.models.beta.agents.AgentUpdateParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgent;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolset20260401Params;
import com.anthropic.models.beta.agents.BetaManagedAgentsModelConfigParams;
import com.anthropic.models.beta.agents.versions.VersionListParams;
import com.anthropic.services.blocking.beta.AgentService;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The life of an agent through the official SDK: versions, archive, lists (contract/README.md §2.1, resources.md §1.4). */
class AgentVersionTest {
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
    void an_update_makes_a_version_and_leaves_what_it_does_not_name() {
        var first = agents().create(platform.agent("first")
                .system("Be brief.")
                .metadata(metadata(Map.of("a", "1",
                        "b", "2")))
                .build());
        var second = agents().update(change(first).name("second")
                .version(1)
                .metadata(AgentUpdateParams.Metadata.builder()
                        .putAdditionalProperty("a", JsonValue.from("one"))
                        .putAdditionalProperty("b", JsonValue.from(null))
                        .putAdditionalProperty("c", JsonValue.from("3"))
                        .build())
                .build());
        assertThat(second.version()).isEqualTo(2);
        assertThat(second.name()).isEqualTo("second");
        assertThat(second.system()).contains("Be brief.");
        assertThat(second.metadata()._additionalProperties())
                .isEqualTo(Map.of("a", JsonValue.from("one"), "c", JsonValue.from("3")));
        assertThat(second.createdAt()).isEqualTo(first.createdAt());
        assertThat(second.updatedAt()).isAfterOrEqualTo(first.updatedAt());
        assertThat(agents().retrieve(first.id())).isEqualTo(second);
    }

    @Test
    void an_update_that_changes_nothing_makes_no_version() {
        var agent = agents().create(platform.agent("same")
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .metadata(metadata(Map.of("a", "1")))
                .build());
        assertThat(agents().update(agent.id())).isEqualTo(agent);
        var same = agents().update(change(agent).name("same")
                .description(Optional.empty())
                .model(BetaManagedAgentsModelConfigParams.builder().id(agent.model().id()).build())
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .skills(List.of())
                .metadata(AgentUpdateParams.Metadata.builder()
                        .putAdditionalProperty("a", JsonValue.from("1"))
                        .putAdditionalProperty("never there", JsonValue.from(null))
                        .build())
                .build());
        assertThat(same).isEqualTo(agent);
    }

    @Test
    void a_stale_version_is_a_conflict_that_the_sdk_does_not_retry() {
        var agent = platform.newAgent();
        var naps = new Naps();
        var client = platform.client().sleeper(naps).build();
        var stale = change(agent).version(2).build();
        var conflict = catchThrowableOfType(ConflictException.class, () -> client.beta().agents().update(stale));
        client.close();
        assertThat(conflict.type()).contains(ErrorType.CONFLICT_ERROR);
        assertThat(conflict.apiMessage().orElseThrow()).contains("version", "at version 1");
        assertThat(conflict.headers().values("x-should-retry")).containsExactly("false");
        assertThat(naps.taken()).isZero();
        assertThat(agents().retrieve(agent.id()).version()).isEqualTo(1);
    }

    @Test
    void changes_made_at_the_same_time_all_count() {
        var agent = platform.newAgent();
        var impatient = agents().withOptions(options -> options.maxRetries(0));
        try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                var key = "writer " + i;
                var _ = writers
                        .submit(() -> impatient.update(change(agent).metadata(AgentUpdateParams.Metadata.builder()
                                .putAdditionalProperty(key, JsonValue.from("was here"))
                                .build()).build()));
            }
        }
        var changed = agents().retrieve(agent.id());
        assertThat(changed.metadata()._additionalProperties()).hasSize(8);
        assertThat(changed.version()).isEqualTo(9);
    }

    @Test
    void versions_are_listed_newest_first_and_each_can_be_read() {
        var agent = platform.newAgent();
        for (int i = 2; i <= 5; i++) {
            agents().update(change(agent).name("name " + i).build());
        }
        var page = agents().versions().list(VersionListParams.builder().agentId(agent.id()).limit(2).build());
        assertThat(page.items()).extracting(BetaManagedAgentsAgent::version).containsExactly(5, 4);
        assertThat(page.autoPager().stream()).extracting(BetaManagedAgentsAgent::version)
                .containsExactly(5, 4, 3, 2, 1);

        var third = agents().retrieve(AgentRetrieveParams.builder().agentId(agent.id()).version(3).build());
        assertThat(third.name()).isEqualTo("name 3");
        assertThat(third.createdAt()).isEqualTo(agent.createdAt());
        var missing = catchThrowableOfType(NotFoundException.class,
                () -> agents().retrieve(AgentRetrieveParams.builder().agentId(agent.id()).version(6).build()));
        assertThat(missing.apiMessage().orElseThrow()).contains("version 6");
    }

    @Test
    void an_archived_agent_can_be_read_but_neither_changed_nor_used() {
        var agent = platform.newAgent();
        var archived = agents().archive(agent.id());
        assertThat(archived.archivedAt()).isPresent();
        assertThat(archived.version()).isEqualTo(1);
        assertThat(agents().archive(agent.id())).isEqualTo(archived);
        assertThat(agents().retrieve(agent.id())).isEqualTo(archived);

        var refused = catchThrowableOfType(BadRequestException.class,
                () -> agents().update(change(agent).name("new").build()));
        assertThat(refused.type()).contains(ErrorType.INVALID_REQUEST_ERROR);
        assertThat(refused.apiMessage().orElseThrow()).contains("archived");
        var environment = platform.newEnvironment();
        var unusable = catchThrowableOfType(BadRequestException.class,
                () -> platform.newSession(agent.id(), environment.id()));
        assertThat(unusable.apiMessage().orElseThrow()).contains("agent", "archived");
    }

    @Test
    void a_list_is_walked_newest_first_page_by_page() {
        var made = IntStream.range(0, 5).mapToObj(_ -> platform.newAgent()).toList();
        agents().archive(made.get(2).id());
        var ours = AgentListParams.builder()
                .createdAtGte(made.getFirst().createdAt())
                .createdAtLte(made.getLast().createdAt())
                .limit(2);
        var first = agents().list(ours.build());
        assertThat(first.items()).extracting(BetaManagedAgentsAgent::id)
                .containsExactly(made.get(4).id(), made.get(3).id());
        assertThat(first.autoPager().stream()).extracting(BetaManagedAgentsAgent::id)
                .containsExactly(made.get(4).id(), made.get(3).id(), made.get(1).id(), made.get(0).id());
        assertThat(agents().list(ours.includeArchived(true).build()).autoPager().stream()).hasSize(5);
    }

    @Test
    void the_last_page_says_that_it_is_the_last() {
        var agent = platform.newAgent();
        var only = AgentListParams.builder().createdAtGte(agent.createdAt()).createdAtLte(agent.createdAt());
        var page = agents().list(only.limit(1).build());
        assertThat(page.items()).hasSize(1);
        assertThat(page.hasNextPage()).isFalse();
        assertThat(page.response()._nextPage().isNull()).isTrue();
    }
}
