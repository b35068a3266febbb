package dev.handloom.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.standalone.terminal.Stage;
import dev.handloom.standalone.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** A recorded session, as it is shown: golden files hold every character. */
class PlayerTest {
    /** What is drawn again and again depends on the clock. */
    private static final Duration NEVER = Duration.ofDays(1);
    private static final String RECORDED = "/demo/events.jsonl";

    @Test
    void a_session_is_shown_in_a_file_without_colour_and_without_lines_that_are_drawn_again() throws IOException {
        var shown = shown(file(RECORDED), null, StandardCharsets.UTF_8);

        assertThat(shown).isEqualTo(file("/demo/plain.txt")).doesNotContain("\033", "\r");
    }

    @Test
    void a_session_is_shown_on_a_terminal_in_colour() throws IOException {
        var shown = shown(file(RECORDED), "90", StandardCharsets.UTF_8);

        assertThat(shown).isEqualTo(file("/demo/colour.txt"));
    }

    @Test
    void an_output_that_cannot_hold_our_signs_gets_ascii_ones() throws IOException {
        var shown = shown(file(RECORDED), null, StandardCharsets.US_ASCII);

        assertThat(shown).contains("\n * [rehearsal: no model is answering] I will put").doesNotContain("?");
    }

    @Test
    void the_totals_count_each_stored_event_once_and_previews_never() throws IOException {
        var totals = new Totals();
        totals.said(0);
        long nanos = 0;
        for (var line : file(RECORDED).lines().toList()) {
            totals.add(Heard.of(JsonMapper.shared().readTree(line)), nanos += 1_000_000);
        }

        assertThat(totals.events()).isEqualTo(40);
        assertThat(totals.modelCalls()).isEqualTo(6);
        assertThat(totals.toolCalls()).isEqualTo(8);
        assertThat(totals.toolFailures()).isEqualTo(1);
        assertThat(totals.inputTokens()).isEqualTo(11_400);
        assertThat(totals.outputTokens()).isEqualTo(720);
        assertThat(totals.toolTime()).hasMillis(16 + 1 + 41 + 1 + 14 + 1 + 3 + 1 + 38 + 1);
        assertThat(totals.firstToken()).hasMillis(6);
    }

    private static String shown(String events, @Nullable String columns, Charset charset) {
        var bytes = new ByteArrayOutputStream();
        try (var stage = new Stage(Terminal.of(bytes, Map.of(), columns, charset), NEVER)) {
            var player = new Player(stage);
            events.lines().forEach(line -> player.show(Heard.of(JsonMapper.shared().readTree(line))));
        }
        return bytes.toString(charset);
    }

    private static String file(String name) throws IOException {
        try (var file = PlayerTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(file, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
