package dev.handloom.sandbox.execute;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handloom.api.Json;
import dev.handloom.api.sandbox.SandboxCommand;
import dev.handloom.api.session.SessionCommand.RecordToolResult;
import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import javax.sql.DataSource;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.util.unit.DataSize;

/** From the command to run a tool to the command that records what came of it. */
@Timeout(60)
class ToolCallsTest {
    private static final SessionId SESSION = new SessionId("sesn_1");

    @TempDir
    private Path data;
    private final BlockingQueue<RecordToolResult> recorded = new LinkedBlockingQueue<>();
    private final ScriptedProvider provider = new ScriptedProvider("docker");
    private DataSource state;
    private Roster roster;
    private ToolCalls calls;

    @BeforeEach
    void begin() {
        state = new DriverManagerDataSource("jdbc:sqlite:" + data.resolve("state.db"));
        begin(provider);
    }

    /** As a process begins, over the state that is there. */
    private void begin(HandProvider... providers) {
        var bus = SimpleCommandBus.builder().build();
        var _ = bus.subscribe(RecordToolResult.class.getName(),
                message -> recorded.add((RecordToolResult) message.getPayload()));
        roster = new Roster(selection("auto", providers), state);
        calls = new ToolCalls(roster, DefaultCommandGateway.builder().commandBus(bus).build());
        roster.start();
    }

    static HandSelection selection(String wanted, HandProvider... providers) {
        var beans = new StaticListableBeanFactory();
        for (var provider : providers) {
            beans.addBean(provider.name(), provider);
        }
        var settings = new HandsSettings(wanted, "image", DataSize.ofMegabytes(64), 1, 16, DataSize.ofMegabytes(1),
                Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(10));
        return new HandSelection(beans.getBeanProvider(HandProvider.class), settings, Clock.systemUTC());
    }

    private static SandboxCommand.ExecuteTool bash(String id, String command) {
        return bash(id, command, false);
    }

    private static SandboxCommand.ExecuteTool bash(String id, String command, boolean startedBefore) {
        return new SandboxCommand.ExecuteTool(SESSION, "env_1", id, "bash",
                new Json("{\"command\":\"" + command + "\"}"), startedBefore);
    }

    private RecordToolResult result() throws InterruptedException {
        return recorded.take();
    }

    private static String text(RecordToolResult result) {
        return result.content().text();
    }

    @Test
    void a_result_is_recorded_and_then_forgotten_by_the_hand() throws Exception {
        calls.handle(bash("sevt_1", "hello"));
        var result = result();
        assertThat(result.sessionId()).isEqualTo(SESSION);
        assertThat(result.toolUseId()).isEqualTo("sevt_1");
        assertThat(result.isError()).isFalse();
        assertThat(text(result)).isEqualTo("[{\"type\":\"text\",\"text\":\"hello\"}]");
        while (provider.made.getFirst().forgotten.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(provider.made.getFirst().forgotten).containsExactly("sevt_1");
    }

    @Test
    void parallel_first_calls_share_one_hand() throws Exception {
        provider.mayMake = new CompletableFuture<>();
        var texts = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
            calls.handle(bash("sevt_" + i, "call " + i));
        }
        provider.mayMake.complete(null);
        for (int i = 0; i < 20; i++) {
            texts.add(text(result()));
        }
        assertThat(texts).doesNotHaveDuplicates().hasSize(20);
        assertThat(provider.made).hasSize(1);
    }

    @Test
    void a_repeated_command_for_a_call_under_way_changes_nothing() throws Exception {
        calls.handle(bash("sevt_1", ScriptedHand.WAIT));
        provider.making.await();
        while (provider.made.isEmpty()) {
            Thread.onSpinWait();
        }
        var hand = provider.made.getFirst();
        hand.waiting.await();
        calls.handle(bash("sevt_1", ScriptedHand.WAIT));
        hand.letGo.complete(null);
        result();
        calls.handle(bash("sevt_2", "last"));
        assertThat(text(result())).contains("last");
        assertThat(hand.ran).containsExactly("sevt_1", "sevt_2");
        assertThat(recorded).isEmpty();
    }

    @Test
    void what_does_not_fit_its_tool_is_answered_without_a_hand() throws Exception {
        calls.handle(new SandboxCommand.ExecuteTool(SESSION, "env_1", "sevt_1", "bash", new Json("{}"), false));
        var result = result();
        assertThat(result.isError()).isTrue();
        assertThat(text(result)).contains("bash: command is required");
        assertThat(provider.made).isEmpty();
    }

    @Test
    void a_hand_that_cannot_be_made_is_a_result_and_the_next_call_tries_again() throws Exception {
        provider.refusal = "the image is missing";
        calls.handle(bash("sevt_1", "x"));
        assertThat(text(result())).contains("The sandbox could not be started: the image is missing");
        provider.refusal = null;
        calls.handle(bash("sevt_2", "x"));
        assertThat(result().isError()).isFalse();
    }

    @Test
    void a_hand_that_dies_in_a_call_is_a_result_and_the_next_call_learns_that_it_has_a_fresh_one() throws Exception {
        calls.handle(bash("sevt_1", ScriptedHand.DIE));
        var died = result();
        assertThat(died.isError()).isTrue();
        assertThat(text(died)).contains("may or may not have had its effect");
        calls.handle(bash("sevt_2", "x"));
        assertThat(text(result())).contains("This is a fresh one");
        calls.handle(bash("sevt_3", "x"));
        assertThat(text(result())).doesNotContain("fresh");
        assertThat(provider.made).hasSize(2);
    }

    @Test
    void a_call_that_found_its_hand_dead_runs_in_a_fresh_one() throws Exception {
        calls.handle(bash("sevt_1", "x"));
        result();
        provider.made.getFirst().gone = true;
        calls.handle(bash("sevt_2", "y"));
        var result = result();
        assertThat(result.isError()).isFalse();
        assertThat(text(result)).contains("This is a fresh one").contains("y");
        assertThat(provider.made.get(1).ran).containsExactly("sevt_2");
    }

    @Test
    void a_hand_that_breaks_leaves_no_call_without_a_result() throws Exception {
        calls.handle(bash("sevt_1", ScriptedHand.BREAK));
        var result = result();
        assertThat(result.isError()).isTrue();
        assertThat(text(result)).contains("outcome unknown");
    }

    @Test
    void a_cancelled_call_that_runs_ends_without_a_result() throws Exception {
        calls.handle(bash("sevt_1", ScriptedHand.WAIT));
        while (provider.made.isEmpty()) {
            Thread.onSpinWait();
        }
        var hand = provider.made.getFirst();
        hand.waiting.await();
        calls.handle(new SandboxCommand.CancelTool(SESSION, "sevt_1"));
        assertThat(hand.cancelled).containsExactly("sevt_1");
        calls.handle(bash("sevt_2", "next"));
        assertThat(text(result())).contains("next");
        assertThat(recorded).isEmpty();
    }

    @Test
    void a_cancelled_call_that_waits_for_its_hand_never_runs() throws Exception {
        provider.mayMake = new CompletableFuture<>();
        calls.handle(bash("sevt_1", "never"));
        provider.making.await();
        calls.handle(new SandboxCommand.CancelTool(SESSION, "sevt_1"));
        provider.mayMake.complete(null);
        calls.handle(bash("sevt_2", "next"));
        assertThat(text(result())).contains("next");
        assertThat(provider.made).singleElement().satisfies(hand -> assertThat(hand.ran).containsExactly("sevt_2"));
    }

    @Test
    void a_call_cancelled_before_it_comes_is_not_begun() throws Exception {
        calls.handle(new SandboxCommand.CancelTool(SESSION, "sevt_1"));
        calls.handle(bash("sevt_1", "never"));
        calls.handle(bash("sevt_2", "next"));
        assertThat(text(result())).contains("next");
        assertThat(provider.made).singleElement().satisfies(hand -> assertThat(hand.ran).containsExactly("sevt_2"));
    }

    @Test
    void a_call_that_an_earlier_process_began_gets_its_real_result_from_the_adopted_hand() throws Exception {
        calls.handle(bash("sevt_1", "x"));
        result();
        var hand = provider.made.getFirst();
        hand.known.put("sevt_2", "the real result");
        provider.left.add(hand);
        begin(provider);

        calls.handle(bash("sevt_2", "never sent again", true));
        assertThat(text(result())).contains("the real result");
        calls.handle(bash("sevt_3", "nor this", true));
        var unknown = result();
        assertThat(unknown.isError()).isTrue();
        assertThat(text(unknown)).contains("outcome unknown");
        assertThat(hand.ran).containsExactly("sevt_1");
        calls.handle(bash("sevt_4", "but this"));
        assertThat(text(result())).contains("but this").doesNotContain("fresh");
        assertThat(provider.made).hasSize(1);
    }

    @Test
    void without_its_hand_a_call_begun_earlier_has_an_unknown_outcome_and_a_new_one_a_fresh_hand() throws Exception {
        calls.handle(bash("sevt_1", "x"));
        result();
        begin(provider);
        calls.handle(bash("sevt_2", "x", true));
        assertThat(text(result())).contains("outcome unknown");
        calls.handle(bash("sevt_3", "x"));
        assertThat(text(result())).contains("This is a fresh one");
    }

    @Test
    void the_hand_of_a_session_that_is_over_is_destroyed() throws Exception {
        calls.handle(bash("sevt_1", "x"));
        result();
        calls.handle(new SandboxCommand.ReleaseHand(SESSION));
        provider.made.getFirst().destroyed.get();
        assertThat(rows()).isZero();
        calls.handle(bash("sevt_2", "late"));
        assertThat(text(result())).contains("the session is over");
        assertThat(provider.made).hasSize(1);
    }

    @Test
    void a_hand_that_was_being_made_when_its_session_ended_is_destroyed() throws Exception {
        provider.mayMake = new CompletableFuture<>();
        calls.handle(bash("sevt_1", "x"));
        provider.making.await();
        calls.handle(new SandboxCommand.ReleaseHand(SESSION));
        provider.mayMake.complete(null);
        result();
        provider.made.getFirst().destroyed.get();
        assertThat(rows()).isZero();
    }

    @Test
    void hands_of_sessions_that_nobody_knows_are_destroyed_at_the_start() throws Exception {
        var stranger = new ScriptedHand(new SessionId("sesn_stranger"));
        provider.left.add(stranger);
        begin(provider);
        stranger.destroyed.get();
    }

    @Test
    void hands_of_a_provider_that_is_no_longer_chosen_are_adopted_all_the_same() throws Exception {
        calls.handle(bash("sevt_1", "x"));
        result();
        var bubblewrap = new ScriptedProvider("bubblewrap");
        provider.ready = false;
        provider.left.add(provider.made.getFirst());
        begin(bubblewrap, provider);
        calls.handle(bash("sevt_2", "x"));
        result();
        assertThat(provider.made.getFirst().ran).containsExactly("sevt_1", "sevt_2");
        assertThat(bubblewrap.made).isEmpty();
    }

    private int rows() {
        return JdbcClient.create(state).sql("select count(*) from hand").query(Integer.class).single();
    }

    @Test
    void auto_takes_the_first_that_is_ready_in_the_order_of_isolation() {
        var docker = new ScriptedProvider("docker");
        var bubblewrap = new ScriptedProvider("bubblewrap");
        var jvm = new ScriptedProvider("jvm");
        assertThat(selection("auto", jvm, bubblewrap, docker).chosen()).contains(docker);
        docker.ready = false;
        var selection = selection("auto", jvm, bubblewrap, docker);
        assertThat(selection.chosen()).contains(bubblewrap);
        assertThat(selection.candidates()).isEqualTo(List.of(
                new HandSelection.Candidate("docker", false, "it is not there"),
                new HandSelection.Candidate("bubblewrap", true, "it is there")));
        assertThat(selection("jvm", jvm, bubblewrap, docker).chosen()).contains(jvm);
        assertThat(selection("docker", jvm, bubblewrap, docker).chosen()).isEmpty();
        assertThat(selection("jvm", docker).whyNone()).isEqualTo("this build has no provider named jvm");
    }
}
