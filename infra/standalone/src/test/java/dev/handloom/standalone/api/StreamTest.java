package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.BadRequestException;
import com.anthropic.errors.NotFoundException;
import com.anthropic.helpers.BetaManagedAgentsEventAccumulator;
import com.anthropic.models.beta.sessions.BetaManagedAgentsDeltaType;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsStreamSessionEvents;
import com.anthropic.models.beta.sessions.events.EventStreamParams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.json.JsonMapper;

/** The live stream of a session through the official SDK, and its bytes (contract/events.md §9, §10). */
class StreamTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private static final String THINK_AND_SAY = """
            {"rehearse":[{"think":["hm"],"say":["The ","sea ","is ","wide."]}]}""";

    private final Talk talk = Talk.with(platform, platform.newSession().id());

    private EventStreamParams previewing(BetaManagedAgentsDeltaType... deltas) {
        return EventStreamParams.builder().sessionId(talk.sessionId()).eventDeltas(List.of(deltas)).build();
    }

    private void open(EventStreamParams params) {
        try (var _ = talk.events().streamStreaming(params)) {
            // That it opens is all that is asked.
        }
    }

    private static List<BetaManagedAgentsStreamSessionEvents> until(
            StreamResponse<BetaManagedAgentsStreamSessionEvents> stream,
            Predicate<BetaManagedAgentsStreamSessionEvents> last
    ) {
        var heard = new ArrayList<BetaManagedAgentsStreamSessionEvents>();
        for (var event : stream) {
            heard.add(event);
            if (last.test(event)) {
                return heard;
            }
        }
        throw new AssertionError("the stream ended early: " + heard);
    }

    private static List<String> types(List<BetaManagedAgentsStreamSessionEvents> events) {
        return events.stream().map(event -> event.type().asString()).toList();
    }

    @Test
    void a_stream_begins_where_it_is_opened_and_tells_every_later_event() {
        talk.untilIdle(Talk.message("before"));
        var before = talk.history();
        var heard = talk.untilIdle(Talk.message("after"));
        var since = talk.history();
        assertThat(heard).extracting(event -> event.id().orElseThrow())
                .isEqualTo(since.subList(before.size(), since.size()).stream().map(event -> event.id()).toList());
    }

    @Test
    void every_client_hears_the_same() {
        try (var one = talk.events().streamStreaming(talk.sessionId());
                var other = talk.events().streamStreaming(talk.sessionId())) {
            talk.send(Talk.message("hello"));
            assertThat(until(one, event -> event.isSessionStatusIdle()))
                    .isEqualTo(until(other, event -> event.isSessionStatusIdle()));
        }
    }

    @Test
    void deltas_add_up_to_the_message_under_its_id() {
        var accumulator = BetaManagedAgentsEventAccumulator.create();
        var params = previewing(BetaManagedAgentsDeltaType.AGENT_MESSAGE, BetaManagedAgentsDeltaType.AGENT_THINKING);
        try (var stream = talk.events().streamStreaming(params)) {
            talk.send(Talk.message(THINK_AND_SAY));
            var text = "";
            var heard = new ArrayList<BetaManagedAgentsStreamSessionEvents>();
            for (var event : stream) {
                heard.add(event);
                accumulator.accumulate(event);
                if (event.isEventDelta()) {
                    text = accumulator.agentMessageText(event.asEventDelta().eventId()).orElseThrow();
                }
                if (event.isSessionStatusIdle()) {
                    break;
                }
            }
            var message = heard.stream().flatMap(event -> event.agentMessage().stream()).findFirst().orElseThrow();
            var whole = message.content().getFirst().asText().text();
            assertThat(text).isEqualTo(whole).endsWith("The sea is wide.");
            assertThat(types(heard)).containsSubsequence("span.model_request_start", "event_start", "event_start",
                    "event_delta", "event_delta", "agent.thinking", "agent.message", "span.model_request_end");
            var started = heard.stream().flatMap(event -> event.eventStart().stream()).toList();
            assertThat(started).extracting(start -> start.event().type().asString())
                    .containsExactly("agent.thinking", "agent.message");
            assertThat(started.getLast().event().id()).isEqualTo(message.id());
        }
        assertThat(talk.types()).doesNotContain("event_start", "event_delta");
    }

    @Test
    void deltas_come_only_to_those_who_ask_and_only_of_the_kind_they_ask() {
        var onlyThinking = previewing(BetaManagedAgentsDeltaType.AGENT_THINKING);
        try (var none = talk.events().streamStreaming(talk.sessionId());
                var thinking = talk.events().streamStreaming(onlyThinking)) {
            talk.send(Talk.message(THINK_AND_SAY));
            assertThat(types(until(none, event -> event.isSessionStatusIdle())))
                    .doesNotContain("event_start", "event_delta");
            assertThat(types(until(thinking, event -> event.isSessionStatusIdle()))).contains("event_start")
                    .doesNotContain("event_delta");
        }
    }

    @Test
    void deltas_of_anything_else_are_refused_by_name() {
        var refused = catchThrowableOfType(BadRequestException.class,
                () -> open(previewing(BetaManagedAgentsDeltaType.of("agent.tool_use"))));
        assertThat(refused.apiMessage().orElseThrow()).startsWith("event_deltas: ");
        var many = EventStreamParams.builder()
                .sessionId(talk.sessionId())
                .eventDeltas(Collections.nCopies(101, BetaManagedAgentsDeltaType.AGENT_MESSAGE))
                .build();
        var tooMany = catchThrowableOfType(BadRequestException.class, () -> open(many));
        assertThat(tooMany.apiMessage().orElseThrow()).startsWith("event_deltas: ").contains("100");
    }

    @Test
    void archiving_ends_the_stream_after_its_last_event() {
        try (var stream = talk.events().streamStreaming(talk.sessionId())) {
            platform.sdk().beta().sessions().archive(talk.sessionId());
            assertThat(types(stream.stream().toList())).containsExactly("session.status_terminated");
        }
    }

    @Test
    void deleting_ends_the_stream_after_its_last_event() {
        try (var stream = talk.events().streamStreaming(talk.sessionId())) {
            platform.sdk().beta().sessions().delete(talk.sessionId());
            assertThat(types(stream.stream().toList())).containsExactly("session.deleted");
        }
    }

    @Test
    void a_stream_on_an_archived_session_says_so_and_ends() {
        talk.untilIdle(Talk.message("hello"));
        platform.sdk().beta().sessions().archive(talk.sessionId());
        try (var stream = talk.events().streamStreaming(talk.sessionId())) {
            assertThat(types(stream.stream().toList())).containsExactly("session.status_terminated");
        }
    }

    @Test
    void a_stream_of_no_session_is_a_404() {
        var nobody = EventStreamParams.builder().sessionId("sesn_01nobody").build();
        assertThat(catchThrowableOfType(NotFoundException.class, () -> open(nobody))).isNotNull();
    }

    @Test
    void asking_for_the_head_of_a_stream_ends_with_its_head() throws IOException {
        var head = platform.wire()
                .raw("HEAD /v1/sessions/" + talk.sessionId() + "/events/stream HTTP/1.1\r\nHost: a\r\nx-api-key: "
                        + Platform.KEY + "\r\nConnection: close\r\n\r\n");
        assertThat(head).startsWith("HTTP/1.1 200").contains("text/event-stream").endsWith("\r\n\r\n");
    }

    @Test
    void each_frame_names_its_type_and_holds_one_json_document() throws IOException, InterruptedException {
        var request = platform.wire()
                .withKey("/v1/sessions/" + talk.sessionId() + "/events/stream?event_deltas%5B%5D=agent.message")
                .header("Accept", "application/json")
                .header("Accept-Encoding", "gzip, deflate");
        var answer = platform.wire().http().send(request.build(), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type").orElse("")).startsWith("text/event-stream");
        assertThat(answer.headers().firstValue("cache-control")).contains("no-cache");
        assertThat(answer.headers().firstValue("content-encoding")).isEmpty();
        assertThat(answer.headers().firstValue("request-id").orElse("")).startsWith("req_");

        talk.send(Talk.message("line one\nline two\r\n\u2028 end"));
        try (var lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            var type = "";
            while (!type.equals("session.status_idle")) {
                var event = lines.readLine();
                assertThat(event).startsWith("event: ");
                var data = lines.readLine();
                if (data.startsWith("id: ")) {
                    data = lines.readLine();
                }
                assertThat(data).startsWith("data: ");
                assertThat(lines.readLine()).isEmpty();
                type = event.substring("event: ".length());
                var json = JsonMapper.shared().readTree(data.substring("data: ".length()));
                assertThat(json.path("type").asString()).isEqualTo(type);
            }
        }
    }
}
