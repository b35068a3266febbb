package dev.handloom.harness.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.AgentOutput;
import dev.handloom.api.session.AgentOutput.Permission;
import dev.handloom.api.session.AgentOutput.ToolRunner;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.api.session.Tokens;
import dev.handloom.harness.model.Model;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TranscriptTest {
    private static final SessionId ID = new SessionId("sesn_1");
    private static final Instant AT = Instant.parse("2026-11-24T12:00:00Z");

    private final Transcript transcript = new Transcript();
    private long position;
    private int requests;

    TranscriptTest() {
        add(new SessionEvent.Created(ID, "sthr_1", "weaver", new Json("""
                {"model":{"id":"m","effort":{"type":"high"}},"system":"Weave.","tools":[]}"""), "env_1", null, Map.of(),
                AT));
    }

    private void add(SessionEvent event) {
        transcript.add(new SessionLog.Entry(++position, event));
    }

    private static Json text(String text) {
        return new Json("{\"type\":\"text\",\"text\":\"" + text + "\"}");
    }

    private static Json content(String... texts) {
        return new Json(java.util.Arrays.stream(texts)
                .map(text -> text(text).text())
                .collect(Collectors.joining(",", "[",
                        "]")));
    }

    private void says(String... texts) {
        add(new SessionEvent.InputReceived(ID, "in", new Input.Message(content(texts)), false, AT));
    }

    private void instructs(String text) {
        add(new SessionEvent.InputReceived(ID, "in", new Input.SystemMessage(content(text)), false, AT));
    }

    private void asks() {
        add(new SessionEvent.ModelRequestStarted(ID, "req_" + ++requests, 1, AT));
    }

    private void ends() {
        add(new SessionEvent.ModelRequestEnded(ID, "end", "req_" + requests, false, Tokens.NONE, null, AT));
    }

    private void answers(AgentOutput... outputs) {
        asks();
        for (var output : outputs) {
            add(output instanceof AgentOutput.ToolUse use
                    ? new SessionEvent.ToolRequested(ID, use, AT)
                    : new SessionEvent.AgentSpoke(ID, output, AT));
        }
        ends();
    }

    private void result(String toolUseId, String text) {
        add(new SessionEvent.ToolAnswered(ID, "res", toolUseId, ToolRunner.HANDS, content(text), false, false, AT));
    }

    private static AgentOutput spoke(String text) {
        return new AgentOutput.Text("msg", text(text));
    }

    private static AgentOutput.ToolUse use(String eventId, String modelCallId, String input) {
        return new AgentOutput.ToolUse(eventId, new Json("{\"type\":\"tool_use\",\"id\":\"" + modelCallId
                + "\",\"name\":\"bash\",\"input\":" + input + "}"), modelCallId, "bash", ToolRunner.HANDS, null,
                Permission.ALLOW, null, null);
    }

    private List<String> told() {
        return transcript.messages()
                .stream()
                .map(message -> message.role() + message.content().stream().map(Json::text).toList())
                .toList();
    }

    @Test
    void user_and_assistant_take_turns() {
        says("one", "two");
        says("three");
        answers(spoke("four"));
        says("five");

        assertThat(told()).containsExactly("user" + List.of(text("one"), text("two"), text("three")),
                "assistant" + List.of(text("four")), "user" + List.of(text("five")));
    }

    @Test
    void what_was_cut_off_is_not_told() {
        says("one");
        asks();
        assertThat(transcript.openRequest()).isEqualTo("req_1");
        ends();
        assertThat(transcript.openRequest()).isNull();
        says("two");

        assertThat(told()).containsExactly("user" + List.of(text("one"), text("two")));
    }

    @Test
    void results_come_first_then_words_and_system_messages_last() {
        says("go");
        answers(use("e1", "t1", "{}"), use("e2", "t2", "{}"));
        instructs("be brief");
        result("e2", "second");
        says("also");
        result("e1", "first");

        assertThat(transcript.messages()).extracting(Model.Message::role)
                .containsExactly("user", "assistant", "user", "system");
        assertThat(told().get(2)).startsWith("user[{\"type\":\"tool_result\",\"tool_use_id\":\"t2\"")
                .contains(
                        "\"tool_use_id\":\"t1\"")
                .endsWith(text("also") + "]");
    }

    @Test
    void a_result_is_told_once_and_only_for_a_call() {
        says("go");
        answers(use("e1", "t1", "{}"));
        result("e1", "first");
        result("e1", "again");
        result("e9", "stray");

        assertThat(told().getLast()).isEqualTo("user[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":"
                + content("first") + "}]");
        assertThat(transcript.openCall("e1")).isNull();
    }

    @Test
    void a_call_id_that_was_used_or_is_empty_is_replaced_in_the_call_and_its_result() {
        says("go");
        answers(use("sevt_1", "t", "{\"a\":1.0}"), use("sevt_2", "t", "{\"b\":1e5}"), use("sevt_3", "", "{}"));
        result("sevt_2", "x");

        assertThat(told().get(1)).contains("\"id\":\"t\"", "\"id\":\"toolu_sevt_2\"", "\"input\":{\"b\":1e5}",
                "\"id\":\"toolu_sevt_3\"");
        assertThat(told().get(2)).contains("\"tool_use_id\":\"toolu_sevt_2\"");
    }

    @Test
    void a_tool_gets_its_input_as_the_model_wrote_it() {
        answers(use("e1", "t1", "{\"n\": 1.0,\"s\":\"\\u00e9\"}"));

        assertThat(transcript.openCall("e1")).isEqualTo(
                new Transcript.OpenCall("t1", "bash", new Json("{\"n\": 1.0,\"s\":\"\\u00e9\"}")));
    }

    @Test
    void queued_inputs_are_told_when_they_are_taken_and_flushed_ones_never() {
        add(new SessionEvent.InputReceived(ID, "q1", new Input.Message(content("one")), true, AT));
        add(new SessionEvent.InputReceived(ID, "q2", new Input.Message(content("two")), true, AT));
        assertThat(told()).isEmpty();
        add(new SessionEvent.InputTaken(ID, "q2", 3, true, AT));
        add(new SessionEvent.InputTaken(ID, "q1", 2, false, AT));

        assertThat(told()).containsExactly("user" + List.of(text("one")));
    }

    @Test
    void blank_words_are_not_told() {
        says(" ", "\\n");
        assertThat(told()).isEmpty();
        says("one", " ");

        assertThat(told()).containsExactly("user" + List.of(text("one")));
    }

    @Test
    void an_answer_that_goes_on_is_one_message() {
        says("go");
        answers(spoke("part one"));
        answers(spoke("part two"));

        assertThat(told()).containsExactly("user" + List.of(text("go")),
                "assistant" + List.of(text("part one"), text("part two")));
    }

    @Test
    void the_agent_is_the_newest() {
        assertThat(transcript.agent().modelId()).isEqualTo("m");
        assertThat(transcript.agent().effort()).isEqualTo("high");
        assertThat(transcript.agent().system()).isEqualTo(new Json("[{\"type\":\"text\",\"text\":\"Weave.\"}]"));
        add(new SessionEvent.Updated(ID, "u", false, null, null, new Json("{\"model\":{\"id\":\"other\"}}"), AT));
        assertThat(transcript.agent().modelId()).isEqualTo("other");
        assertThat(transcript.agent().system()).isNull();
    }
}
