package dev.handloom.standalone.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CellsTest {
    @Test
    void east_asian_characters_and_emoji_take_two_cells_and_marks_none() {
        assertThat(Cells.of("ab")).isEqualTo(2);
        assertThat(Cells.of("機織")).isEqualTo(4);
        assertThat(Cells.of("🧵")).isEqualTo(2);
        assertThat(Cells.of("e\u0301")).isEqualTo(1);
    }

    @Test
    void what_is_too_long_is_cut_between_characters() {
        assertThat(Cells.cut("abcdef", 6, "…")).isEqualTo("abcdef");
        assertThat(Cells.cut("abcdefg", 6, "…")).isEqualTo("abcde…");
        assertThat(Cells.cut("機織機織", 6, "…")).isEqualTo("機織…");
        assertThat(Cells.cut("🧵🧵", 3, "")).isEqualTo("🧵");
    }

    @Test
    void lines_break_at_spaces_and_longer_words_wherever_they_must() {
        assertThat(Cells.wrap("one two three", 7)).isEqualTo(List.of("one two", "three"));
        assertThat(Cells.wrap("a\nb", 7)).isEqualTo(List.of("a", "b"));
        assertThat(Cells.wrap("abcdefghij kl", 4)).isEqualTo(List.of("abcd", "efgh", "ij", "kl"));
        assertThat(Cells.wrap("機織", 3)).isEqualTo(List.of("機", "織"));
    }
}
