package dev.handloom.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArgumentsTest {
    @Test
    void a_value_follows_its_option_after_a_space_or_an_equals_sign() {
        var read = read("--port", "1", "--data=a=b", "--verbose");

        assertThat(read.number("--port", 0, 9)).isEqualTo(1);
        assertThat(read.text("--data")).isEqualTo("a=b");
        assertThat(read.has("--verbose")).isTrue();
        assertThat(read.text("--host")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "--prot, unknown option: --prot", "--prot=1, unknown option: --prot", "4280, unexpected: 4280",
        "--port, --port needs a value", "--port=, --port needs a value", "--verbose=yes, --verbose takes no value",
        "--port=1 --port=2, --port is given twice"})
    void what_cannot_be_followed_is_refused(String typed, String message) {
        assertThatThrownBy(() -> read(typed.split(" "))).isInstanceOf(Misuse.class).hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({"-1", "10", "x", "1.5", "99999999999"})
    void a_number_out_of_its_range_is_refused(String number) {
        assertThatThrownBy(() -> read("--port", number).number("--port", 0, 9))
                .isInstanceOf(Misuse.class)
                .hasMessage("--port must be a whole number from 0 to 9, not " + number);
    }

    private static Arguments read(String... typed) {
        return Arguments.read(List.of(typed), Set.of("--port", "--data", "--host"), Set.of("--verbose"));
    }
}
