package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.beta.agents.AgentUpdateParams;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgent;
import com.anthropic.models.beta.environments.BetaEnvironment;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.SessionListPage;
import com.anthropic.models.beta.sessions.SessionListParams;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The list of sessions through the official SDK: filters, both orders, both cursors (contract/README.md §1.7, §2.4). */
class SessionListTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    /** Its own in each test, so that a filter finds the test's sessions and no other. */
    private final BetaManagedAgentsAgent agent = platform.newAgent();
    private final BetaEnvironment environment = platform.newEnvironment();

    private List<BetaManagedAgentsSession> newSessions(int count) {
        return IntStream.range(0, count).mapToObj(_ -> platform.newSession(agent.id(), environment.id())).toList();
    }

    private SessionListParams.Builder ours() {
        return SessionListParams.builder().agentId(agent.id());
    }

    private static SessionListPage list(SessionListParams.Builder params) {
        return platform.sdk().beta().sessions().list(params.build());
    }

    private static List<String> ids(SessionListPage page) {
        return page.items().stream().map(BetaManagedAgentsSession::id).toList();
    }

    private static List<String> all(SessionListParams.Builder params) {
        return list(params).autoPager().stream().map(BetaManagedAgentsSession::id).toList();
    }

    @Test
    void the_newest_come_first_unless_asked_otherwise() {
        var made = newSessions(3).stream().map(BetaManagedAgentsSession::id).toList();
        assertThat(all(ours())).containsExactlyElementsOf(made.reversed());
        assertThat(all(ours().order(SessionListParams.Order.DESC))).containsExactlyElementsOf(made.reversed());
        assertThat(all(ours().order(SessionListParams.Order.ASC))).containsExactlyElementsOf(made);
    }

    @Test
    void pages_lead_forth_and_back_in_either_order() {
        var made = newSessions(5).stream().map(BetaManagedAgentsSession::id).toList();
        for (var order : List.of(SessionListParams.Order.ASC, SessionListParams.Order.DESC)) {
            var expected = order.equals(SessionListParams.Order.ASC) ? made : made.reversed();
            assertThat(all(ours().order(order).limit(2))).containsExactlyElementsOf(expected);

            var first = list(ours().order(order).limit(2));
            assertThat(first.prevPage()).isEmpty();
            var second = first.nextPage();
            assertThat(ids(second)).containsExactlyElementsOf(expected.subList(2, 4));
            var third = second.nextPage();
            assertThat(ids(third)).containsExactly(expected.get(4));
            assertThat(third.hasNextPage()).isFalse();

            var backToSecond = list(ours().order(order).limit(2).page(third.prevPage().orElseThrow()));
            assertThat(ids(backToSecond)).isEqualTo(ids(second));
            var backToFirst = list(ours().order(order).limit(2).page(backToSecond.prevPage().orElseThrow()));
            assertThat(ids(backToFirst)).isEqualTo(ids(first));
            assertThat(backToFirst.prevPage()).isEmpty();
            assertThat(ids(backToFirst.nextPage())).isEqualTo(ids(second));
        }
    }

    @Test
    void a_new_session_does_not_disturb_a_walk_that_has_begun() {
        var made = newSessions(4).stream().map(BetaManagedAgentsSession::id).toList();
        var first = list(ours().limit(2));
        var late = newSessions(1).getFirst().id();
        assertThat(ids(first.nextPage())).containsExactly(made.get(1), made.get(0));
        assertThat(ids(list(ours().limit(2)))).containsExactly(late, made.get(3));
    }

    @Test
    void the_limit_and_the_filters_may_change_between_pages() {
        var made = newSessions(5).stream().map(BetaManagedAgentsSession::id).toList();
        var next = list(ours().limit(1)).response().nextPage().orElseThrow();
        assertThat(ids(list(ours().limit(3).page(next)))).containsExactly(made.get(3), made.get(2), made.get(1));
        assertThat(ids(list(ours().addStatus(SessionListParams.Status.RUNNING).page(next)))).isEmpty();
    }

    @Test
    void a_filter_names_agent_version_status_and_time() {
        var old = newSessions(2);
        platform.sdk().beta().agents().update(AgentUpdateParams.builder().agentId(agent.id()).name("v2").build());
        var young = newSessions(2);
        var running = young.getLast();
        Talk.with(platform, running.id()).send(Talk.HANG);

        assertThat(all(ours().agentVersion(1))).containsExactly(old.get(1).id(), old.get(0).id());
        assertThat(all(ours().agentVersion(2))).containsExactly(young.get(1).id(), young.get(0).id());
        assertThat(all(ours().agentVersion(3))).isEmpty();
        assertThat(all(ours().addStatus(SessionListParams.Status.RUNNING))).containsExactly(running.id());
        assertThat(all(ours().addStatus(SessionListParams.Status.IDLE))).hasSize(3);
        assertThat(all(ours().addStatus(SessionListParams.Status.RUNNING).addStatus(SessionListParams.Status.IDLE)))
                .hasSize(4);
        assertThat(all(ours().addStatus(SessionListParams.Status.TERMINATED))).isEmpty();

        var second = old.get(1).createdAt();
        assertThat(all(ours().createdAtGt(second))).containsExactly(young.get(1).id(), young.get(0).id());
        assertThat(all(ours().createdAtGte(second))).hasSize(3);
        assertThat(all(ours().createdAtLt(second))).containsExactly(old.getFirst().id());
        assertThat(all(ours().createdAtLte(second))).hasSize(2);
        assertThat(all(ours().createdAtGte(second).createdAtLt(young.getLast().createdAt()))).hasSize(2);
        var elsewhere = second.withOffsetSameInstant(ZoneOffset.ofHours(5));
        assertThat(all(ours().createdAtLte(elsewhere))).as("the same moment in another zone").hasSize(2);
        assertThat(all(ours().createdAtGt(OffsetDateTime.parse("2999-01-01T00:00:00Z")))).isEmpty();
    }

    @Test
    void an_archived_session_is_listed_only_on_request() {
        var made = newSessions(2);
        platform.sdk().beta().sessions().archive(made.getFirst().id());
        assertThat(all(ours())).containsExactly(made.getLast().id());
        assertThat(all(ours().includeArchived(true))).containsExactly(made.getLast().id(), made.getFirst().id());
        assertThat(all(ours().includeArchived(true).addStatus(SessionListParams.Status.TERMINATED)))
                .containsExactly(made.getFirst().id());
    }

    @Test
    void a_cursor_is_refused_where_it_does_not_fit() {
        newSessions(3);
        var next = list(ours().limit(1)).response().nextPage().orElseThrow();
        var path = "/v1/sessions?page=" + next;
        assertThat(platform.wire().get(path).status()).isEqualTo(200);
        var otherOrder = platform.wire().get(path + "&order=asc");
        assertThat(otherOrder.status()).isEqualTo(400);
        assertThat(otherOrder.message()).startsWith("page: ");
        var excluded = platform.wire().get(path + "&created_at%5Blt%5D=2020-01-01T00:00:00Z");
        assertThat(excluded.status()).isEqualTo(400);
        assertThat(excluded.message()).startsWith("created_at: ");
        var foreign = platform.wire().get("/v1/agents?page=" + next);
        assertThat(foreign.status()).isEqualTo(400);
        assertThat(foreign.message()).startsWith("page: ");
    }
}
