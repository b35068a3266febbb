package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.core.JsonValue;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.models.beta.agents.BetaManagedAgentsAgentToolset20260401Params;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSession;
import com.anthropic.models.beta.sessions.BetaManagedAgentsSessionAgentUpdate;
import com.anthropic.models.beta.sessions.SessionListParams;
import com.anthropic.models.beta.sessions.SessionUpdateParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsEventParams;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import com.anthropic.services.blocking.beta.SessionService;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What ends a session, and what is left of it, through the official SDK (contract/resources.md §3.5, events.md §5). */
class SessionEndTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static SessionService sessions() {
        return platform.sdk().beta().sessions();
    }

    private static SessionUpdateParams.Builder change(BetaManagedAgentsSession session) {
        return SessionUpdateParams.builder().sessionId(session.id());
    }

    @Test
    void a_running_session_is_neither_archived_nor_deleted_nor_rewired() {
        var session = platform.newSession();
        var talk = Talk.with(platform, session.id());
        talk.send(Talk.HANG);
        assertThat(sessions().retrieve(session.id()).status()).isEqualTo(BetaManagedAgentsSession.Status.RUNNING);
        var rewire = change(session).agent(BetaManagedAgentsSessionAgentUpdate.builder()
                .addTool(BetaManagedAgentsAgentToolset20260401Params.builder().build())
                .build()).build();
        for (Runnable action : List.<Runnable>of(() -> sessions().archive(session.id()),
                () -> sessions().delete(session.id()), () -> sessions().update(rewire))) {
            var refused = catchThrowableOfType(BadRequestException.class, action::run);
            assertThat(refused.apiMessage().orElseThrow()).contains("running", "user.interrupt");
        }
        assertThat(sessions().update(change(session).title("renamed").build()).title()).contains("renamed");

        talk.untilIdle(Talk.INTERRUPT);
        assertThat(sessions().retrieve(session.id()).status()).isEqualTo(BetaManagedAgentsSession.Status.IDLE);
        assertThat(sessions().archive(session.id()).status()).isEqualTo(BetaManagedAgentsSession.Status.TERMINATED);
    }

    @Test
    void a_session_that_waits_for_its_model_is_rescheduling_and_counts_as_running() {
        var session = platform.newSession();
        var talk = Talk.with(platform, session.id());
        talk.until(BetaManagedAgentsStreamSessionEvents::isSessionStatusRescheduled, BetaManagedAgentsEventParams
                .ofUserMessage(Talk.message("""
                        {"rehearse":[{"fault":{"kind":"rate_limited","retry_after_ms":100000}}]}""")));
        assertThat(sessions().retrieve(session.id()).status()).isEqualTo(BetaManagedAgentsSession.Status.RESCHEDULING);
        assertThat(sessions().list(SessionListParams.builder()
                .addStatus(SessionListParams.Status.RESCHEDULING)
                .build()).items()).extracting(BetaManagedAgentsSession::id).containsExactly(session.id());
        assertThat(catchThrowableOfType(BadRequestException.class, () -> sessions().archive(session.id()))).isNotNull();
        talk.untilIdle(Talk.INTERRUPT);
        assertThat(sessions().retrieve(session.id()).status()).isEqualTo(BetaManagedAgentsSession.Status.IDLE);
    }

    @Test
    void an_archived_session_keeps_its_history_and_takes_nothing_more() {
        var session = platform.newSession();
        var talk = Talk.with(platform, session.id());
        talk.untilIdle(Talk.message("hello"));
        var archived = sessions().archive(session.id());
        assertThat(archived.status()).isEqualTo(BetaManagedAgentsSession.Status.TERMINATED);
        assertThat(archived.archivedAt()).isPresent();
        assertThat(sessions().archive(session.id())).isEqualTo(archived);
        assertThat(talk.types()).contains("user.message", "agent.message").endsWith("session.status_terminated");

        var history = talk.history();
        assertThat(catchThrowableOfType(BadRequestException.class, () -> talk.send(Talk.message("more")))
                .apiMessage()
                .orElseThrow()).contains("terminated");
        assertThat(catchThrowableOfType(BadRequestException.class,
                () -> sessions().update(change(session).title("late").build()))).isNotNull();
        assertThat(talk.history()).isEqualTo(history);
    }

    @Test
    void a_deleted_session_is_gone_with_all_that_hangs_on_it() {
        var session = platform.newSession();
        var talk = Talk.with(platform, session.id());
        talk.untilIdle(Talk.message("hello"));
        var thread = sessions().threads().list(session.id()).items().getFirst().id();
        var deleted = sessions().delete(session.id());
        assertThat(deleted.id()).isEqualTo(session.id());
        assertThat(deleted._type()).isEqualTo(JsonValue.from("session_deleted"));
        for (Runnable action : List.<Runnable>of(() -> sessions().retrieve(session.id()),
                () -> sessions().update(change(session).title("late").build()), () -> sessions().archive(session.id()),
                () -> sessions().delete(session.id()), talk::history, () -> talk.send(Talk.message("more")),
                () -> sessions().threads().list(session.id()))) {
            assertThat(catchThrowableOfType(NotFoundException.class, action::run)).isNotNull();
        }
        for (var path : List.of("/events/stream", "/threads/" + thread, "/threads/" + thread + "/stream")) {
            assertThat(platform.wire().get("/v1/sessions/" + session.id() + path).status()).as(path).isEqualTo(404);
        }
        assertThat(sessions().list().items()).extracting(BetaManagedAgentsSession::id).doesNotContain(session.id());
    }

    @Test
    void an_archived_session_can_be_deleted() {
        var session = platform.newSession();
        sessions().archive(session.id());
        assertThat(sessions().delete(session.id()).id()).isEqualTo(session.id());
    }
}
