package dev.handloom.api.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Ids keep their form, and token counts add up. */
class SessionValuesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "sesn_", "sesn_ä", "sesn_a b", "agent_1", "SESN_1", "sesn_1\n", " sesn_1", "sesn_../x",
                "sesn_12345678901234567890123456789012345678901234567890123456789012345"})
    void what_is_not_a_session_id_is_refused(String text) {
        assertThatThrownBy(() -> new SessionId(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_session_id_is_its_text_wherever_it_goes() {
        var id = new SessionId("sesn_01Abc_9");
        assertThat(id).hasToString("sesn_01Abc_9");
        assertThat(JsonMapper.shared().writeValueAsString(id)).isEqualTo("\"sesn_01Abc_9\"");
        assertThat(JsonMapper.shared().readValue("\"sesn_01Abc_9\"", SessionId.class)).isEqualTo(id);
    }

    @Test
    void tokens_add_up_kind_by_kind() {
        var some = new Tokens(1, 20, 300, 4000, 50_000);
        assertThat(some.plus(some)).isEqualTo(new Tokens(2, 40, 600, 8000, 100_000));
        assertThat(some.plus(Tokens.NONE)).isEqualTo(some);
    }
}
