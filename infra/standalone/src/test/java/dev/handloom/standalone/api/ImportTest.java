package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** Sessions out of exports (docs/POSITIONS.md). The usual body limit is far below what is imported here. */
class ImportTest {
    @RegisterExtension
    static final Platform platform = new Platform("handloom.api.body-max=16KB");

    private final Talk talk = Talk.with(platform, platform.newSession().id());

    private Wire.Answer get(String path) {
        return platform.wire().get("/handloom/v1/sessions/" + path);
    }

    private JsonNode imported(Export export, String... headers) {
        var answer = export.to(platform, "import", headers);
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(201);
        return answer.json();
    }

    private static void assertRefused(Export export, int line, String why) {
        var known = platform.wire().get("/v1/sessions").ids();
        var refused = export.to(platform, "import");
        refused.assertRefused(400, "invalid_request_error");
        assertThat(refused.message()).startsWith("line " + line + ": ").contains(why);
        assertThat(platform.wire().get("/v1/sessions").ids()).isEqualTo(known);
    }

    @Test
    void an_import_has_the_events_of_its_origin_and_goes_on_from_there() {
        talk.untilIdle(Talk.message("hello"));
        talk.untilIdle(Talk.message("x".repeat(10_000)));
        talk.untilIdle(Talk.message("y".repeat(10_000)));
        var export = Export.of(platform, talk.sessionId());
        var session = imported(export);
        var there = Talk.with(platform, session.path("id").asString());

        assertThat(there.sessionId()).isNotEqualTo(talk.sessionId());
        assertThat(session.path("status").asString()).isEqualTo("idle");
        assertThat(session.at("/imported_from/session_id").asString()).isEqualTo(talk.sessionId());
        assertThat(session.at("/imported_from/hash")).isEqualTo(export.trailer().path("hash"));
        assertThat(there.history()).extracting(event -> event.id())
                .isEqualTo(talk.history().stream().map(event -> event.id()).toList());
        var log = get(there.sessionId() + "/log?limit=1000").json().path("data");
        assertThat(log.size()).as("only the mark is added to an export at rest").isEqualTo(export.events() + 1);
        for (var line : log) {
            assertThat(line.path("copied_from").asString()).isEqualTo(talk.sessionId());
            assertThat(line.at("/payload/sessionId").asString()).isEqualTo(there.sessionId());
        }
        assertThat(log.get(export.events()).path("type").asString()).isEqualTo("forked");
        assertThat(get(there.sessionId() + "/verify").json().path("ok").asBoolean()).isTrue();

        assertThat(there.untilIdle(Talk.message("and on"))).anyMatch(event -> event.isAgentMessage());
        var again = Export.of(platform, there.sessionId());
        assertThat(imported(again).path("status").asString()).isEqualTo("idle");
    }

    @Test
    void what_was_open_is_closed_and_asked_nobody_again() {
        talk.until(event -> event.isSpanModelRequestStart(), Talk.HANG);
        var export = Export.of(platform, talk.sessionId());
        var there = imported(export).path("id").asString();
        var state = get(there + "/state").json();
        assertThat(state.path("status").asString()).isEqualTo("idle");
        assertThat(state.path("open_model_request").isNull()).isTrue();
        assertThat(get(talk.sessionId() + "/state").json().path("open_model_request").isString()).isTrue();
        assertThat(get(there + "/log?types[]=model_request_started").json().path("data").size()).isEqualTo(1);
        talk.untilIdle(Talk.INTERRUPT);
    }

    @Test
    void an_id_is_kept_only_where_there_never_was_such_a_session() {
        talk.untilIdle(Talk.message("hello"));
        var export = Export.of(platform, talk.sessionId());
        export.to(platform, "import?keep_id=true").assertRefused(409, "conflict_error");
        platform.sdk().beta().sessions().delete(talk.sessionId());
        export.to(platform, "import?keep_id=true").assertRefused(409, "conflict_error");
        var free = "sesn_of_another_house";
        var foreign = new Export(export.lines().stream().map(line -> line.replace(talk.sessionId(), free)).toList())
                .chained();
        var answer = foreign.to(platform, "import?keep_id=true");
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(201);
        assertThat(answer.id()).isEqualTo(free);
        Talk.with(platform, free).untilIdle(Talk.message("still there?"));
        export.to(platform, "import?keep_id=true", "Idempotency-Key", "k").assertRefused(400, "invalid_request_error");
    }

    @Test
    void an_import_made_again_with_its_key_is_the_same_session() {
        var export = Export.of(platform, talk.sessionId());
        var ids = new HashSet<String>();
        for (int i = 0; i < 3; i++) {
            ids.add(imported(export, "Idempotency-Key", "import").path("id").asString());
        }
        assertThat(ids).hasSize(1);
        var other = Export.of(platform, platform.newSession().id());
        other.to(platform, "import", "Idempotency-Key", "import").assertRefused(409, "conflict_error");
        assertThat(imported(export).path("id").asString()).isNotIn(ids);
    }

    @Test
    void a_line_that_does_not_hold_is_named_and_nothing_is_stored() {
        talk.untilIdle(Talk.message("hello"));
        var export = Export.of(platform, talk.sessionId());
        int last = export.lines().size() - 1;
        assertRefused(export.with(3, line -> line.replace("\"position\"", "\"Position\"")), 4, "hash");
        assertRefused(export.without(last), last + 1, "not whole");
        assertRefused(new Export(List.of("")), 1, "JSON object");
        for (var type : List.of("dev.handloom.api.session.SessionEvent$Foretold", "java.util.ArrayList",
                "dev.handloom.api.session.SessionEvent$Erased")) {
            assertRefused(export.with(4, line -> line.replaceFirst("\"stored_type\":\"[^\"]*\"",
                    "\"stored_type\":\"" + type.replace("$", "\\$") + "\"")).chained(), 5, type + " is not known");
        }
        assertRefused(export.with(3, line -> line.replace(talk.sessionId(), "sesn_x")).chained(), 4, "sesn_x");
        var id = export.json(2).path("id").asString();
        assertRefused(export.with(3, line -> line.replace(export.json(3).path("id").asString(), id)).chained(), 4,
                "before");
        assertRefused(export.with(3, line -> line.replaceAll("\"at\":\"2\\d{3}", "\"at\":\"1999")).chained(), 4,
                "its time");
        assertRefused(export.without(3).chained(), 4, "position");
        assertRefused(export.with(2, line -> export.lines()
                .get(1)
                .replace("\"position\":1,", "\"position\":2,")
                .replace(export.json(1).path("id").asString(), "another")).chained(), 3, "cannot follow");
    }

    @Test
    void other_paths_keep_the_usual_limit() {
        platform.wire()
                .post("/handloom/v1/sessions/" + talk.sessionId() + "/fork", " ".repeat(20_000))
                .assertRefused(413, "request_too_large");
    }
}
