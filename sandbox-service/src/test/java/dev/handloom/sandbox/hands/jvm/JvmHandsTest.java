package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JvmHandsTest {
    private final JvmHands hands = new JvmHands(Embedded.SETTINGS);

    @Test
    void it_is_ready_where_the_build_had_npm_and_says_why_where_not() {
        assertThat(hands.name()).isEqualTo("jvm");
        assertThat(hands.probe().ready()).isEqualTo(ShellScript.isThere());
        assertThat(hands.probe().why()).contains(ShellScript.isThere() ? "no git, python" : "build where npm is");
    }

    @Test
    @NeedsTheShell
    void nothing_outlives_the_process_to_be_adopted() {
        assertThat(hands.adopt()).isEmpty();
    }
}
