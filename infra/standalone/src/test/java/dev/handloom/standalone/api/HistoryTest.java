package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEvent;
import com.anthropic.models.beta.sessions.events.BetaManagedAgentsSessionEventType;
import com.anthropic.models.beta.sessions.events.EventListPage;
import com.anthropic.models.beta.sessions.events.EventListParams;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The history of a session through the official SDK: filters, orders, pages (contract/README.md §2.5, events.md §11). */
class HistoryTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private final Talk talk = Talk.with(platform, platform.newSession().id());

    private EventListParams.Builder of() {
        return EventListParams.builder().sessionId(talk.sessionId());
    }

    private EventListPage list(EventListParams.Builder params) {
        return talk.events().list(params.build());
    }

    private List<String> all(EventListParams.Builder params) {
        return ids(list(params).autoPager().stream());
    }

    private static List<String> ids(Stream<BetaManagedAgentsSessionEvent> events) {
        return events.map(BetaManagedAgentsSessionEvent::id).toList();
    }

    @Test
    void the_history_is_what_the_stream_told_in_either_order() {
        var heard = talk.untilIdle(Talk.message("hello"));
        var told = heard.stream().map(event -> event.id().orElseThrow()).toList();
        assertThat(all(of())).isEqualTo(told);
        assertThat(all(of().order(EventListParams.Order.ASC))).isEqualTo(told);
        assertThat(all(of().order(EventListParams.Order.DESC))).isEqualTo(told.reversed());
        assertThat(talk.history()).extracting(event -> event.processedAt().orElseThrow()).isSorted();
    }

    @Test
    void a_new_session_has_no_history() {
        var page = list(of());
        assertThat(page.items()).isEmpty();
        assertThat(page.hasNextPage()).isFalse();
    }

    @Test
    void pages_of_any_size_hold_every_event_once_in_either_order() {
        talk.untilIdle(Talk.message("hello"));
        var whole = all(of());
        for (int limit = 1; limit <= whole.size() + 1; limit++) {
            assertThat(all(of().limit(limit))).as("limit %d", limit).isEqualTo(whole);
            assertThat(all(of().limit(limit).order(EventListParams.Order.DESC))).isEqualTo(whole.reversed());
        }
        var first = list(of().limit(3));
        assertThat(ids(first.items().stream())).isEqualTo(whole.subList(0, 3));
        assertThat(ids(first.nextPage().items().stream())).isEqualTo(whole.subList(3, 6));
    }

    @Test
    void the_last_page_is_not_followed_by_an_empty_one() {
        talk.untilIdle(Talk.message("hello"));
        int size = all(of()).size();
        for (var order : List.of(EventListParams.Order.ASC, EventListParams.Order.DESC)) {
            assertThat(list(of().limit(size).order(order)).hasNextPage()).as(order.asString()).isFalse();
        }
    }

    @Test
    void only_the_types_asked_for_are_listed() {
        talk.untilIdle(Talk.message("hello"));
        var messages = list(of().addType(BetaManagedAgentsSessionEventType.USER_MESSAGE)
                .addType(BetaManagedAgentsSessionEventType.AGENT_MESSAGE)).items();
        assertThat(messages).extracting(event -> event.type().asString())
                .containsExactly("user.message", "agent.message");
        assertThat(list(of().addType(BetaManagedAgentsSessionEventType.AGENT_TOOL_USE)).items()).isEmpty();
        assertThat(all(of().addType(BetaManagedAgentsSessionEventType.AGENT_MESSAGE).limit(1))).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void every_type_the_sdk_knows_can_be_asked_for(BetaManagedAgentsSessionEventType.Known known) {
        var name = known.name().toLowerCase(Locale.ROOT);
        var type = Stream.of("workflow_run_", "user_", "agent_", "session_", "span_", "system_")
                .filter(name::startsWith)
                .map(family -> family.substring(0, family.length() - 1) + "." + name.substring(family.length()))
                .findFirst()
                .orElseThrow();
        assertThat(list(of().addType(BetaManagedAgentsSessionEventType.of(type))).items()).isEmpty();
    }

    @Test
    void a_type_that_is_none_is_refused_by_name() {
        for (var type : List.of("user.mesage", "session.deleted", "event_delta")) {
            var refused = platform.wire().get("/v1/sessions/" + talk.sessionId() + "/events?types%5B%5D=" + type);
            refused.assertRefused(400, "invalid_request_error");
            assertThat(refused.message()).startsWith("types: ").contains(type);
        }
    }

    @Test
    void bounds_compare_the_time_of_processing() {
        talk.untilIdle(Talk.message("one"));
        var border = talk.history().getLast().processedAt().orElseThrow();
        talk.untilIdle(Talk.message("two"));
        var whole = talk.history();
        assertThat(all(of().createdAtLte(border))).isEqualTo(ids(whole.stream()
                .filter(event -> !event.processedAt()
                        .orElseThrow()
                        .isAfter(border))));
        assertThat(all(of().createdAtGt(border))).isEqualTo(ids(whole.stream()
                .filter(event -> event.processedAt()
                        .orElseThrow()
                        .isAfter(border))));
        assertThat(all(of().createdAtGte(border).createdAtLte(border))).isNotEmpty();
        assertThat(all(of().createdAtGte(border).createdAtLt(border))).isEmpty();
    }

    @Test
    void what_is_queued_comes_last_and_has_no_time() {
        talk.send(Talk.HANG);
        var queued = talk.send(Talk.message("later")).data().orElseThrow().getFirst().asUserMessage();
        assertThat(queued.processedAt()).isEmpty();
        var last = talk.history().getLast();
        assertThat(last.id()).isEqualTo(queued.id());
        assertThat(last.asUserMessage()._processedAt().isNull()).isTrue();
        assertThat(all(of().order(EventListParams.Order.DESC)).getFirst()).isEqualTo(queued.id());
        assertThat(all(of().limit(1)).getLast()).isEqualTo(queued.id());
        assertThat(all(of().limit(1).order(EventListParams.Order.DESC)).getFirst()).isEqualTo(queued.id());
        assertThat(all(of().createdAtGte(platform.sdk()
                .beta()
                .sessions()
                .retrieve(talk.sessionId())
                .createdAt()))).doesNotContain(queued.id());
        assertThat(all(of().addType(BetaManagedAgentsSessionEventType.USER_MESSAGE))).hasSize(2);
    }

    @Test
    void a_cursor_is_refused_where_it_does_not_fit() {
        talk.untilIdle(Talk.message("hello"));
        var path = "/v1/sessions/" + talk.sessionId() + "/events?limit=2";
        var page = platform.wire().get(path).json().path("next_page").asString();
        assertThat(platform.wire().get(path + "&page=" + page).ids()).hasSize(2);

        var otherOrder = platform.wire().get(path + "&order=desc&page=" + page);
        assertThat(otherOrder.status()).isEqualTo(400);
        assertThat(otherOrder.message()).startsWith("page: ");
        var excluded = platform.wire().get(path + "&created_at%5Bgt%5D=2999-01-01T00:00:00Z&page=" + page);
        assertThat(excluded.status()).isEqualTo(400);
        assertThat(excluded.message()).startsWith("created_at: ");
        var elsewhere = platform.wire().get("/v1/sessions/" + platform.newSession().id() + "/events?page=" + page);
        assertThat(elsewhere.status()).isEqualTo(400);
        assertThat(elsewhere.message()).startsWith("page: ");
    }

    @Test
    void the_history_of_the_primary_thread_is_that_of_the_session() {
        talk.untilIdle(Talk.message("hello"));
        var thread = platform.sdk().beta().sessions().threads().list(talk.sessionId()).items().getFirst();
        var events = platform.sdk().beta().sessions().threads().events();
        var page = events.list(thread.id(), com.anthropic.models.beta.sessions.threads.events.EventListParams.builder()
                .sessionId(talk.sessionId())
                .limit(3)
                .build());
        assertThat(page.autoPager().stream().map(event -> Objects.requireNonNull(event.id()))).isEqualTo(all(of()));
    }
}
