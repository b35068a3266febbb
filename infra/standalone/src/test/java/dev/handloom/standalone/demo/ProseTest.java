package dev.handloom.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.standalone.terminal.Stage;
import dev.handloom.standalone.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProseTest {
    private static final String TEXT = """
            Some words, `code here`, **strong words** and 2 * 3 that are wrapped at forty cells.

            ```sh
              kept   as it is, and never wrapped whatever its length may be
            ```
            The *end*.""";

    @Test
    void marks_become_colours_and_fences_vanish() {
        assertThat(shown("40", List.of(TEXT))).isEqualTo("""
                Some words, \033[36mcode here\033[39m, \033[1mstrong words\033[22m
                   and 2 * 3 that are wrapped at forty
                   cells.

                     kept   as it is, and never wrapped whatever its length may be
                   The *end*.
                """);
    }

    @Test
    void without_colour_the_text_stays_as_it_is() {
        assertThat(shown(null, List.of("a `b` **c**\n```\nd\n```"))).isEqualTo("a `b` **c**\n   ```\n   d\n   ```\n");
    }

    @Test
    void it_does_not_matter_where_the_pieces_end() {
        var whole = shown("40", List.of(TEXT));

        assertThat(shown("40", Stream.of(TEXT.split("")).toList())).isEqualTo(whole);
        for (int cut = 1; cut < TEXT.length(); cut++) {
            assertThat(shown("40", List.of(TEXT.substring(0, cut), TEXT.substring(cut)))).isEqualTo(whole);
        }
    }

    private static String shown(@Nullable String columns, List<String> pieces) {
        var bytes = new ByteArrayOutputStream();
        var terminal = Terminal.of(bytes, Map.of(), columns, StandardCharsets.UTF_8);
        try (var stage = new Stage(terminal, Duration.ofDays(1))) {
            var prose = new Prose(stage, 3);
            pieces.forEach(prose::add);
            prose.end();
        }
        return bytes.toString(StandardCharsets.UTF_8).replaceAll("\033\\[\\?25[lh]", "");
    }
}
