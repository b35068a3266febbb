package dev.handloom.sandbox.hands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.api.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolInputTest {
    private static ToolInput of(String tool, String json) throws ToolInput.Unfit {
        return ToolInput.of(tool, new Json(json.replace('\'', '"')));
    }

    @Test
    void what_fits_is_understood() throws Exception {
        assertThat(of("bash", "{'command':'ls'}")).isEqualTo(new ToolInput.Bash("ls", false, null));
        assertThat(of("bash", "{'restart':true}")).isEqualTo(new ToolInput.Bash(null, true, null));
        assertThat(of("bash", "{'command':'ls','restart':null,'timeout_ms':1500}"))
                .isEqualTo(new ToolInput.Bash("ls", false, Duration.ofMillis(1500)));
        assertThat(of("read", "{'file_path':'/a'}")).isEqualTo(new ToolInput.Read("/a", 0, 0));
        assertThat(of("write", "{'file_path':'/a','content':''}")).isEqualTo(new ToolInput.Write("/a", ""));
        assertThat(of("edit", "{'file_path':'/a','old_string':'x','new_string':''}"))
                .isEqualTo(new ToolInput.Edit("/a", "x", "", false));
        assertThat(of("glob", "{'pattern':'**/*.c'}")).isEqualTo(new ToolInput.Glob("**/*.c", "/workspace"));
        assertThat(of("grep", "{'pattern':'x','path':'src'}")).isEqualTo(new ToolInput.Grep("x", "/workspace/src"));
    }

    @Test
    void relative_paths_begin_in_the_workspace() throws Exception {
        assertThat(of("read", "{'file_path':'a/b'}")).isEqualTo(new ToolInput.Read("/workspace/a/b", 0, 0));
        assertThat(of("glob", "{'pattern':'*','path':'/tmp'}")).isEqualTo(new ToolInput.Glob("*", "/tmp"));
    }

    @Test
    void a_range_counts_from_one_and_may_be_open() throws Exception {
        assertThat(of("read", "{'file_path':'/a','view_range':[0,3]}")).isEqualTo(new ToolInput.Read("/a", 1, 3));
        assertThat(of("read", "{'file_path':'/a','view_range':[5,-1]}")).isEqualTo(new ToolInput.Read("/a", 5, 0));
        assertThat(of("read", "{'file_path':'/a','view_range':[4,4]}")).isEqualTo(new ToolInput.Read("/a", 4, 4));
    }

    @Test
    void fields_that_a_tool_does_not_know_are_passed_over() throws Exception {
        assertThat(of("grep", "{'pattern':'x','recursive':true}")).isEqualTo(new ToolInput.Grep("x", "/workspace"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock = """
                    bash; {}; command is required, unless restart is true
                    bash; {'command':7}; command must be a string
                    bash; {'restart':'yes'}; restart must be true or false
                    bash; {'command':'a\\u0000b'}; command must not contain a NUL character
                    bash; {'command':'ls','timeout_ms':0}; timeout_ms must be a positive whole number of milliseconds
                    bash; {'command':'ls','timeout_ms':1.5}; timeout_ms must be a positive whole number of milliseconds
                    bash; {'command':'ls','timeout_ms':99999999999}; timeout_ms must be a positive whole number of milliseconds
                    bash; []; the input must be an object
                    read; {}; file_path is required
                    read; {'file_path':''}; file_path must not be empty
                    read; {'file_path':'a\\u0000'}; file_path must not contain a NUL character
                    read; {'file_path':'/a','view_range':[1]}; view_range must be [start_line, end_line]
                    read; {'file_path':'/a','view_range':{'a':1,'b':2}}; view_range must be [start_line, end_line]
                    read; {'file_path':'/a','view_range':['1','2']}; view_range must be [start_line, end_line]
                    read; {'file_path':'/a','view_range':[3,2]}; view_range ends before it begins
                    write; {'file_path':'/a'}; content is required
                    edit; {'file_path':'/a','old_string':'','new_string':'x'}; old_string must not be empty
                    edit; {'file_path':'/a','old_string':'x','new_string':'x'}; old_string and new_string are the same
                    grep; {'pattern':''}; pattern must not be empty
                    web_search; {}; there is no tool named web_search""")
    void what_does_not_fit_is_refused_with_the_fields_name(String tool, String json, String message) {
        assertThatThrownBy(() -> of(tool, json)).isInstanceOf(ToolInput.Unfit.class).hasMessage(message);
    }

    @Test
    void a_pattern_cannot_climb() {
        for (var pattern : new String[]{"/etc/*", "../*", "a/../../b", "a/.."}) {
            assertThatThrownBy(() -> of("glob", "{'pattern':'" + pattern + "'}")).hasMessageStartingWith(
                    "pattern must be relative and must not contain \"..\"");
        }
    }
}
