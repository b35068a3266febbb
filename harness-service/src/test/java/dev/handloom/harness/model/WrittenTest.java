package dev.handloom.harness.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrittenTest {
    @Test
    void members_keep_their_order_and_every_character() {
        assertThat(Written.members(" { \"b\" : 1.0 ,\"a\":{\"x\":[1e5 , null]},\"\\u0061b\":\"}\\\"]\",\"t\":true } "))
                .containsExactly(entry("b", "1.0"), entry("a", "{\"x\":[1e5 , null]}"), entry("ab", "\"}\\\"]\""),
                        entry("t", "true"));
    }

    @Test
    void of_two_members_with_one_name_the_last_counts() {
        assertThat(Written.members("{\"a\":1,\"a\":2}")).containsExactly(entry("a", "2"));
    }

    @Test
    void elements_are_told_apart_however_deep_they_are() {
        assertThat(Written.elements("[ \"a,b\" , [1,[2]],{\"c\":\"]\"} ,\n-0.0]")).containsExactly(
                "\"a,b\"", "[1,[2]]", "{\"c\":\"]\"}", "-0.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", " { } "})
    void an_empty_object_has_no_members(String empty) {
        assertThat(Written.members(empty)).isEmpty();
    }

    @Test
    void an_empty_array_has_no_elements() {
        assertThat(Written.elements("[ ]")).isEmpty();
    }

    @Test
    void what_was_taken_apart_is_put_together_again() {
        var object = "{\"b\":1.0,\"a\":{\"x\":[1e5, null]},\"s\":\"\\u00e9\"}";

        assertThat(Written.object(Written.members(object))).isEqualTo(object);
    }

    @Test
    void a_literal_is_read_as_json_reads_it() {
        assertThat(Written.string("\"caf\\u00e9 \\/ \\ud83d\\ude00\"")).isEqualTo("café / \ud83d\ude00");
        assertThat(Written.string("12")).isEmpty();
    }
}
