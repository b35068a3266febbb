package dev.handloom.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a tool prints must not be able to speak to the terminal. */
class PlainTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\033[31mred\033[0m", "\033]0;a title\007red", "\033]8;;http://x\033\\red", "\033Pq#0\033\\red",
                "\033[2J\033[Hred",
                "r\u202eed", "\u0007r\u0000e\u0008d", "\u009b31mred", "\033(Bred", "50 %\rred", "red\033"})
    void sequences_and_control_characters_go_and_words_stay(String raw) {
        assertThat(Plain.text(raw)).doesNotContain("\033")
                .containsAnyOf("red")
                .doesNotContainPattern(
                        "[\\p{Cntrl}\\u0080-\\u009f\\u202e]");
    }

    @Test
    void lines_and_tabs_keep_their_place() {
        assertThat(Plain.text("a\r\n\tb\nc")).isEqualTo("a\n    b\nc");
        assertThat(Plain.line(" a\n\tb ")).isEqualTo("a b");
    }
}
