package dev.handloom.session.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.session.Input;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent.NoteKind;
import dev.handloom.api.session.Tokens;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A note is begun before it is asked for, recorded once, and ends with its request. */
class NoteRulesTest extends LivedSession {
    private String request = "";

    private boolean begin(String note) {
        var go = new ArrayList<Boolean>();
        act(draft -> go.add(new NoteRules(draft).begin(new SessionCommand.BeginNote(ID, note, request,
                NoteKind.SUMMARY, 1, 9, new Json("{}")))));
        return go.getFirst();
    }

    private List<String> written(String note) {
        return act(draft -> new NoteRules(draft).written(new SessionCommand.RecordNote(ID, note, request,
                NoteKind.SUMMARY, 1, 9, "the gist", TEN)));
    }

    private List<String> failed(String note, Tokens tokens) {
        return act(draft -> new NoteRules(draft).failed(
                new SessionCommand.RecordNoteFailure(ID, note, request, "busy", tokens)));
    }

    private void ask() {
        message();
        request = request();
    }

    @Test
    void a_note_is_begun_and_recorded_once_and_its_tokens_count() {
        ask();
        assertThat(begin("n1")).isTrue();
        assertThat(state().turn().note()).isEqualTo("n1");
        assertThat(written("n1")).containsExactly("NoteWritten");
        assertThat(state().tokens()).isEqualTo(TEN);

        assertThat(written("n1")).doesNotContain("NoteWritten");
        assertThat(failed("n1", Tokens.NONE)).isEmpty();
        assertThat(state().turn().request()).as("the request is still to be made").isEqualTo(request);
    }

    @Test
    void whoever_takes_the_step_over_goes_on_with_the_note_that_was_begun() {
        ask();
        assertThat(begin("n1")).isTrue();
        int events = log.size();
        assertThat(begin("n1")).isTrue();
        assertThat(begin("n2")).as("another writer").isFalse();

        assertThat(log).hasSize(events);
    }

    @Test
    void a_note_that_failed_leaves_the_request_to_be_made() {
        ask();
        begin("n1");
        assertThat(failed("n1", TEN)).containsExactly("NoteFailed");

        assertThat(state().tokens()).isEqualTo(TEN);
        assertThat(answer(text())).contains("AgentSpoke", "ModelRequestEnded");
    }

    @Test
    void an_interrupt_ends_the_note_with_its_request_and_only_the_bill_follows() {
        ask();
        begin("n1");
        send(new Input.Interrupt(null));
        assertThat(state().turn().note()).isNull();

        assertThat(written("n1")).containsExactly("TokensSpent");
        assertThat(begin("n3")).isFalse();
        assertThat(state().tokens()).isEqualTo(TEN);
    }

    @Test
    void words_that_arrive_meanwhile_wait_and_the_note_goes_on() {
        ask();
        begin("n1");
        message();

        assertThat(written("n1")).containsExactly("NoteWritten");
    }
}
