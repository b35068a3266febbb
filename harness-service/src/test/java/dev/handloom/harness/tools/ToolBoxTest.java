package dev.handloom.harness.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.Policy;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ToolBoxTest {
    private static ToolBox of(String tools) {
        return ToolBox.of(JsonMapper.shared().readTree(tools));
    }

    private static Json use(String name) {
        return new Json("{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"" + name + "\",\"input\":{}}");
    }

    private static final String CUSTOM = """
            {"type":"custom","name":"note","description":"n","input_schema":{"type":"object"}}""";

    @Test
    void the_toolset_has_its_six_tools_in_one_order_and_custom_tools_stand_where_they_were_named() {
        var box = of("[" + CUSTOM + ",{\"type\":\"agent_toolset_20260401\"}]");

        assertThat(box.definitions()).extracting(
                tool -> JsonMapper.shared().readTree(tool.text()).path("name").asString())
                .containsExactly(
                        "note", "bash", "read", "write", "edit", "glob", "grep");
        assertThat(box.definitions()).isEqualTo(of(
                "[" + CUSTOM + ",{\"type\":\"agent_toolset_20260401\"}]").definitions());
    }

    @Test
    void a_tool_that_is_switched_off_is_not_offered_and_not_run() {
        var box = of("""
                [{"type":"agent_toolset_20260401","default_config":{"enabled":false},
                  "configs":[{"name":"read","enabled":true,"permission_policy":{"type":"always_ask"}}]}]""");

        assertThat(box.byName()).containsOnlyKeys("read");
        assertThat(box.judge("sevt_1", use("bash"), null).permission()).isEqualTo(Permission.DENY);
        assertThat(box.judge("sevt_1", use("read"), null).permission()).isEqualTo(Permission.ASK);
    }

    @Test
    void policies_become_permissions_and_what_nobody_can_judge_is_asked() {
        var box = of("""
                [{"type":"agent_toolset_20260401","configs":[
                  {"name":"bash","permission_policy":{"type":"always_allow"}},
                  {"name":"write","permission_policy":{"type":"auto"}}]}]""");

        var bash = box.judge("sevt_1", use("bash"), null);
        assertThat(bash.permission()).isEqualTo(Permission.ALLOW);
        assertThat(bash.policy()).isEqualTo(Policy.ALWAYS_ALLOW);
        assertThat(box.judge("sevt_1", use("write"), null).permission()).isEqualTo(Permission.ASK);
    }

    @Test
    void a_call_that_cannot_be_carried_out_is_denied_without_asking_anybody() {
        var box = of("[" + CUSTOM + ",{\"type\":\"agent_toolset_20260401\"}]");

        for (var name : new String[]{"note", "bash"}) {
            var judged = box.judge("sevt_1", use(name), "it was cut off");
            assertThat(judged.permission()).isEqualTo(Permission.DENY);
            assertThat(judged.runner()).isEqualTo(ToolRunner.HANDS);
            assertThat(judged.policy()).isNull();
            assertThat(judged.refusal()).isEqualTo("it was cut off");
        }
    }

    @Test
    void an_unknown_tool_is_named_to_the_model() {
        var judged = of("[]").judge("sevt_1", use("fly"), "and flawed");

        assertThat(judged.refusal()).contains("fly");
        assertThat(judged.modelCallId()).isEqualTo("toolu_1");
    }

    @Test
    void a_custom_tool_goes_to_the_client_without_a_policy() {
        var judged = of("[" + CUSTOM + "]").judge("sevt_1", use("note"), null);

        assertThat(judged.runner()).isEqualTo(ToolRunner.CLIENT);
        assertThat(judged.permission()).isEqualTo(Permission.ALLOW);
        assertThat(judged.policy()).isNull();
    }
}
