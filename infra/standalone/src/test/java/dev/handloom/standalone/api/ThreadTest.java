package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.models.beta.sessions.threads.BetaManagedAgentsSessionThread;
import com.anthropic.models.beta.sessions.threads.BetaManagedAgentsSessionThreadStatus;
import com.anthropic.models.beta.sessions.threads.ThreadArchiveParams;
import com.anthropic.models.beta.sessions.threads.ThreadListParams;
import com.anthropic.models.beta.sessions.threads.ThreadRetrieveParams;
import com.anthropic.models.beta.sessions.threads.events.EventStreamParams;
import com.anthropic.services.blocking.beta.sessions.ThreadService;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The primary thread, which every session has, through the official SDK (contract/README.md §2.6, resources.md §4). */
class ThreadTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private final Talk talk = Talk.with(platform, platform.newSession().id());

    private static ThreadService threads() {
        return platform.sdk().beta().sessions().threads();
    }

    private BetaManagedAgentsSessionThread primary() {
        var all = threads().list(talk.sessionId());
        assertThat(all.items()).hasSize(1);
        assertThat(all.hasNextPage()).isFalse();
        return all.items().getFirst();
    }

    private ThreadRetrieveParams params(String threadId) {
        return ThreadRetrieveParams.builder().sessionId(talk.sessionId()).threadId(threadId).build();
    }

    @Test
    void a_session_has_its_primary_thread_from_the_beginning() {
        var session = platform.sdk().beta().sessions().retrieve(talk.sessionId());
        var thread = primary();
        assertThat(thread.id()).matches("sthr_01\\w{22}");
        assertThat(thread.sessionId()).isEqualTo(session.id());
        assertThat(thread.parentThreadId()).isEmpty();
        assertThat(thread.workflowRunId()).isEmpty();
        assertThat(thread.status()).isEqualTo(BetaManagedAgentsSessionThreadStatus.IDLE);
        assertThat(thread.usage()).as("until it first rests").isEmpty();
        assertThat(thread.createdAt()).isEqualTo(session.createdAt());
        assertThat(thread.archivedAt()).isEmpty();
        var agent = thread.agent().asAgent();
        assertThat(agent.id()).isEqualTo(session.agent().id());
        assertThat(agent.version()).isEqualTo(1);
        assertThat(agent.executionIdentity().isServiceAccount()).isTrue();
        assertThat(agent._additionalProperties()).doesNotContainKey("multiagent");

        var read = threads().retrieve(params(thread.id()));
        assertThat(read.id()).isEqualTo(thread.id());
        assertThat(read.agent()).isEqualTo(thread.agent());
    }

    @Test
    void a_thread_shares_the_state_of_its_session() {
        talk.untilIdle(Talk.message("{\"rehearse\":[{\"say\":\"hi\",\"tokens\":{\"input\":7,\"output\":3}}]}"));
        var rested = primary();
        assertThat(rested.usage().orElseThrow().inputTokens()).contains(7);
        assertThat(rested.usage().orElseThrow().outputTokens()).contains(3);
        assertThat(rested.stats().orElseThrow().durationSeconds().orElseThrow()).isPositive();

        talk.send(Talk.HANG);
        assertThat(primary().status()).isEqualTo(BetaManagedAgentsSessionThreadStatus.RUNNING);
        talk.untilIdle(Talk.INTERRUPT);
        platform.sdk().beta().sessions().archive(talk.sessionId());
        assertThat(primary().status()).isEqualTo(BetaManagedAgentsSessionThreadStatus.TERMINATED);
        assertThat(primary().archivedAt()).isPresent();
    }

    @Test
    void threads_are_filtered_by_status() {
        var idle = ThreadListParams.builder().sessionId(talk.sessionId());
        assertThat(threads().list(idle.addStatus(BetaManagedAgentsSessionThreadStatus.IDLE).build()).items())
                .hasSize(1);
        var running = ThreadListParams.builder().sessionId(talk.sessionId());
        assertThat(threads().list(running.addStatus(BetaManagedAgentsSessionThreadStatus.RUNNING).build()).items())
                .isEmpty();
        var refused = platform.wire().get("/v1/sessions/" + talk.sessionId() + "/threads?statuses%5B%5D=asleep");
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith("statuses: ").contains("asleep");
    }

    @Test
    void the_stream_of_the_primary_thread_tells_what_the_session_tells() {
        var told = new ArrayList<String>();
        try (var stream = threads().events()
                .streamStreaming(EventStreamParams.builder()
                        .sessionId(talk.sessionId())
                        .threadId(primary().id())
                        .build())) {
            talk.send(Talk.message("hello"));
            for (var event : stream) {
                told.add(event.id().orElseThrow());
                if (event.isSessionStatusIdle()) {
                    break;
                }
            }
        }
        assertThat(told).isEqualTo(talk.history().stream().map(event -> event.id()).toList());
    }

    @Test
    void a_primary_thread_is_archived_only_with_its_session() {
        var archive = ThreadArchiveParams.builder().sessionId(talk.sessionId()).threadId(primary().id()).build();
        var refused = catchThrowableOfType(BadRequestException.class, () -> threads().archive(archive));
        assertThat(refused.apiMessage().orElseThrow()).contains("/v1/sessions/" + talk.sessionId() + "/archive");
        assertThat(primary().archivedAt()).isEmpty();
    }

    @Test
    void a_thread_is_found_only_in_its_own_session() {
        var stranger = threads().list(platform.newSession().id()).items().getFirst().id();
        var missing = catchThrowableOfType(NotFoundException.class, () -> threads().retrieve(params(stranger)));
        assertThat(missing.apiMessage().orElseThrow()).contains(stranger);
        for (var path : new String[]{"", "/events", "/stream"}) {
            var answer = platform.wire().get("/v1/sessions/" + talk.sessionId() + "/threads/" + stranger + path);
            assertThat(answer.status()).as(path).isEqualTo(404);
        }
        assertThat(platform.wire()
                .post("/v1/sessions/" + talk.sessionId() + "/threads/" + stranger + "/archive")
                .status()).isEqualTo(404);
    }
}
