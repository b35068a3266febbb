package dev.handloom.standalone.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A session is reminded of what its log says is unfinished (docs/POSITIONS.md). */
class WakeTest {
    @RegisterExtension
    static final Platform platform = new Platform();

    private final Talk talk = Talk.with(platform, platform.newSession().id());

    private Wire.Answer wake(String session) {
        return platform.wire().post("/handloom/v1/sessions/" + session + "/wake");
    }

    @Test
    void a_session_at_rest_has_nothing_to_be_woken_for() {
        talk.untilIdle(Talk.message("hello"));
        var before = talk.types();
        var woken = wake(talk.sessionId());
        assertThat(woken.status()).as(woken.http().body()).isEqualTo(202);
        assertThat(woken.http().body()).isEqualTo("{\"open_request\":null,\"due_calls\":[],\"retry\":null}");
        assertThat(talk.types()).isEqualTo(before);
    }

    @Test
    void a_request_that_is_being_made_is_named_and_not_made_twice() {
        talk.until(event -> event.isSpanModelRequestStart(), Talk.HANG);
        var open = platform.wire()
                .get("/handloom/v1/sessions/" + talk.sessionId() + "/state")
                .json()
                .path("open_model_request");
        for (int i = 0; i < 3; i++) {
            assertThat(wake(talk.sessionId()).json().path("open_request")).isEqualTo(open);
        }
        talk.untilIdle(Talk.INTERRUPT);
        assertThat(talk.types().stream().filter(type -> type.equals("span.model_request_start"))).hasSize(1);
        talk.untilIdle(Talk.message("go on"));
    }

    @Test
    void nobody_wakes_what_is_not_there_and_brains_from_outside_are_told_to_wait() {
        wake("sesn_none").assertRefused(404, "not_found_error");
        platform.wire()
                .post("/handloom/v1/sessions/" + talk.sessionId() + "/events", "{\"expected_position\":1}")
                .assertRefused(501, "api_error");
    }
}
