package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session's log as a file, and whether it is sound (docs/POSITIONS.md). */
class ExportTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private final Talk talk = Talk.with(platform, platform.newSession().id());
    private final String path = "/handloom/v1/sessions/" + talk.sessionId();

    private void assertBroken(Export export, int line, String why) {
        var answer = export.to(platform, "verify");
        assertThat(answer.status()).as(answer.http().body()).isEqualTo(200);
        assertThat(answer.json().path("ok").asBoolean()).isFalse();
        assertThat(answer.json().path("line").asInt()).as(answer.http().body()).isEqualTo(line);
        assertThat(answer.json().path("problem").asString()).contains(why);
        assertThat(answer.json().path("hash").isNull()).isTrue();
    }

    @Test
    void an_export_holds_every_stored_event_under_a_chain_that_anybody_can_work_out() {
        talk.untilIdle(Talk.message("hello, \"wörld\"\n\u2028"));
        var export = Export.of(platform, talk.sessionId());
        var log = platform.wire().get(path + "/log?limit=1000").json();

        assertThat(export.json(0).path("format").asString()).isEqualTo("handloom-session-log");
        assertThat(export.json(0).path("session").asString()).isEqualTo(talk.sessionId());
        assertThat(export.json(0).path("head")).isEqualTo(log.path("head"));
        assertThat(export.events()).isEqualTo(log.path("head").asInt());
        for (int i = 0; i < export.events(); i++) {
            for (var member : List.of("position", "id", "type", "revision", "at", "payload")) {
                assertThat(export.json(i + 1).path(member)).isEqualTo(log.at("/data/" + i + "/" + member));
            }
        }
        assertThat(export.chained().lines()).isEqualTo(export.lines());

        var stored = platform.wire().get(path + "/verify").json();
        assertThat(stored.path("ok").asBoolean()).isTrue();
        assertThat(stored.path("head")).isEqualTo(log.path("head"));
        assertThat(stored.path("hash")).isEqualTo(export.trailer().path("hash"));
        var sent = export.to(platform, "verify").json();
        assertThat(sent.path("ok").asBoolean()).isTrue();
        assertThat(sent.path("hash")).isEqualTo(export.trailer().path("hash"));
    }

    @Test
    void an_export_of_more_than_one_slice_is_whole() {
        for (int i = 0; i < 7; i++) {
            talk.untilIdle(Talk.message("x".repeat(900_000)));
        }
        var export = Export.of(platform, talk.sessionId());
        assertThat(export.chained().lines()).isEqualTo(export.lines());
        assertThat(export.to(platform, "verify").json().path("ok").asBoolean()).isTrue();
        assertThat(platform.wire().get(path + "/verify").json().path("hash"))
                .isEqualTo(export.trailer().path("hash"));
    }

    @Test
    void whatever_is_done_to_an_export_is_found_at_its_line() {
        talk.untilIdle(Talk.message("hello"));
        var export = Export.of(platform, talk.sessionId());
        int last = export.lines().size() - 1;
        for (int line = 1; line < last; line++) {
            assertBroken(export.with(line, text -> text.replace("\"at\":\"2", "\"at\":\"3")), line + 1, "hash");
            assertBroken(export.without(line), line == last - 1 ? last : line + 1,
                    line == last - 1 ? "events" : "hash");
        }
        var swapped = new ArrayList<>(export.lines());
        Collections.swap(swapped, 2, 3);
        assertBroken(new Export(swapped), 3, "hash");
        assertBroken(export.without(last), last + 1, "not whole");
        assertBroken(export.without(last).without(last - 1), last, "not whole");
        assertBroken(export.without(0), 1, "format");
        assertBroken(new Export(List.of("nonsense")), 1, "JSON");
        assertBroken(export.with(last, text -> text + "\n{}"), last + 2, "nothing may follow");
        assertBroken(export.with(0, text -> text.replace("\"version\":1", "\"version\":2")), 1, "version");
        assertBroken(export.with(2, text -> text.replaceFirst("\"id\":", "\"id\":\"x\",\"id\":")).chained(), 3, "JSON");
    }

    @Test
    void what_is_not_there_is_missing_and_nobody_reads_without_the_key() {
        platform.sdk().beta().sessions().delete(talk.sessionId());
        for (var none : List.of("sesn_none", "nonsense", talk.sessionId())) {
            for (var door : List.of("export", "verify")) {
                platform.wire()
                        .get("/handloom/v1/sessions/" + none + "/" + door)
                        .assertRefused(404, "not_found_error");
            }
        }
        platform.wire()
                .send(platform.wire().to(path + "/export"))
                .assertRefused(401, "authentication_error");
    }
}
